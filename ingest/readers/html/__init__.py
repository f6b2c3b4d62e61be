"""Web pages, those of WordPress above all."""
