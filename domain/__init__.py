"""The rules of a grievance system without any input or output: nothing here reads a clock, a file or a network."""
