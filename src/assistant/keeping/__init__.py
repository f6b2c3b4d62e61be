"""A data directory in one file, and back again."""
