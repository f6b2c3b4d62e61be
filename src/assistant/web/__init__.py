"""The pages: chat, documents, and the protection in front of them."""
