"""The conversation with a beneficiary: what is done with each thing that she sends, and what she is answered."""

from handlers.conversation.entry import handle

__all__ = ["handle"]
