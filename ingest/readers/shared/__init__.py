"""What readers of several formats need: tables, lists, headings, numbers, encodings."""
