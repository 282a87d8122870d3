"""Messages from staff to many people: shown before they are sent, approved, laid out in the bulk lane, listed where they fail."""

from handlers.broadcasts.command.acting import act, preview_by_command
from handlers.broadcasts.faults import BroadcastFault
from handlers.broadcasts.texts import texts_by_language

__all__ = ["BroadcastFault", "act", "preview_by_command", "texts_by_language"]
