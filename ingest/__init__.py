"""From a source of documents to a published generation."""
