"""What officers only ask for: lists, a case's history, what is found, figures, how a round goes, whom to call."""
