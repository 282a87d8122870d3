"""What stands in texts: digits of three scripts, references, placeholders, days and sums."""
