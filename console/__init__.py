"""The web pages of the project: the staff's console, the public page, and the phone simulator."""
