"""What comes in: storing it, acting on it in order, guarding the door, and what is said in person."""
