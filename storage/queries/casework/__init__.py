"""Queries about cases: making, listing, searching and changing them, and who is kept from them."""
