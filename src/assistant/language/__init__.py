"""What is known of each language, and what the assistant says in it."""
