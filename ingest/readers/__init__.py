"""From a file to its text, one module for each format."""
