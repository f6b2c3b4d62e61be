"""From a question to an answer: what is wanted, which passages answer, what of them is shown."""
