"""Chunks in Chroma: embedding, lexical index, generations and hybrid search."""
