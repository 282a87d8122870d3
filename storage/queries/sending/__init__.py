"""Queries about what goes out: the outbox, gateways, and what is sent to many."""
