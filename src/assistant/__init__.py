"""The core: from a question to a checked answer.

Imports nothing from `ingest` or `vectorstore`; they are handed to it by `app`.
"""
