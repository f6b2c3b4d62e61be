"""Questions to offer members: made from the documents, and asked before anybody sees them."""
