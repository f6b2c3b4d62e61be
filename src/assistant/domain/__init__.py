"""What is talked about: documents, questions and answers, errors. Knows nothing but itself."""
