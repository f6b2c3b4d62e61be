"""The words in pictures of pages (OCR)."""
