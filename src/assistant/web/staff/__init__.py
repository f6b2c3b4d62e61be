"""The staff page: documents, sources, uploads and runs, behind a password."""
