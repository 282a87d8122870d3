"""Queries about rounds, meetings and conditions: who is on them, how they go, whom they concern."""
