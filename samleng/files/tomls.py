"""Values as TOML writes them, for the configurations and settings that are written for people to go on with."""

import json


def toml(value: str) -> str:
    """Return a text as a TOML string."""
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
