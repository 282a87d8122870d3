"""Why a broadcast cannot be made, sent or sent again."""

from typing import Any


class BroadcastFault(Exception):
    """Why something cannot be done with a broadcast; `key` and `values` say it in an officer's language."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values
