"""The command `/broadcast`: what staff mean by it, what they are told, and what its buttons do."""
