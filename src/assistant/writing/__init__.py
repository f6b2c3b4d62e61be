"""Answers that a chat model writes, sentence by checked sentence."""
