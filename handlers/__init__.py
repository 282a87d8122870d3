"""The use cases: what the project does with a message, a command, a tick of the clock, a click. Only they write."""
