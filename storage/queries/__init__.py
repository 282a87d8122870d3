"""The named queries, one file a subject; each takes the transaction first and says which index serves it."""
