"""What staff plan: rounds, meetings, conditions, and the reminders of them."""
