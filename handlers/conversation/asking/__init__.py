"""The short questions that a person is asked about her case, and what each answer does."""
