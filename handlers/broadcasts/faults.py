"""Why a broadcast cannot be made, sent or sent again."""

from typing import Any

from domain.reading import Language
from wording import say


class BroadcastFault(Exception):
    """Why something cannot be done with a broadcast."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def said(self, language: Language) -> str:
        """Return it in an officer's language."""
        values = dict(self.values)
        if "language" in values:
            values["language"] = say(f"language_{values['language']}", language)
        return say(self.key, language, **values)
