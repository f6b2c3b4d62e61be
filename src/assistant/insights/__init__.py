"""What members need, told from what they asked."""
