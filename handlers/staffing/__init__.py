"""The people who do the work: who holds which post, and what happens to their work when they go."""
