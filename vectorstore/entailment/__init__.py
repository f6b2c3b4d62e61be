"""The model that tells whether a premise supports a claim."""
