"""Commands about what staff plan: lists, rounds, meetings, conditions, reminders, broadcasts, calendars."""
