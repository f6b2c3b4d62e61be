"""Which chunks of a generation a question is about."""
