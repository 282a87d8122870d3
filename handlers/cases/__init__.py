"""What becomes of cases, whoever asks for it: opening, placing, deciding, joining, keeping people away from them."""
