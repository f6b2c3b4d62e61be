"""Markdown, with its front matter."""
