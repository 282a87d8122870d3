"""What officers do to a case: each command that changes one, in a file of its own."""
