"""Queries about officers and staff: posts, doors, menus, and what each has still to hear or confirm."""
