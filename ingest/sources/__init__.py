"""Where documents come from: what the configuration lists, and one module for each type."""
