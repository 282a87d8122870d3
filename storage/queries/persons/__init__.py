"""Queries about who writes and what they wrote: people, contact points, messages, open questions."""
