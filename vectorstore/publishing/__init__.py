"""Generations side by side on disk, one of them published."""
