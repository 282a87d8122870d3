"""Names of people in texts and registers: whether two are one, and which of some a text names."""
