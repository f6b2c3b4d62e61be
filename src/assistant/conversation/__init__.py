"""What was said before, and what is wanted now."""
