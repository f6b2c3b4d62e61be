"""Measure how well questions are answered, on public sets and on the forum's own questions."""
