"""What comes in from outside, in one shape for every provider: an `Inbound` is what a message, a tap or a call became."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

LONGEST_ID = 128
"""Characters of a provider's id that a database keeps."""


class Channel(StrEnum):
    """The two ways in which people and the system talk."""

    SMS = "sms"
    TELEGRAM = "telegram"


class InboundKind(StrEnum):
    """What came in."""

    TEXT = "text"
    TAP = "tap"
    CONTACT = "contact"
    LOCATION = "location"
    MEDIA = "media"
    EDIT = "edit"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GROUP = "group"
    CALL = "call"
    OTHER = "other"


class MediaKind(StrEnum):
    """What a file that came along is, as the provider calls it; the bytes are looked at later."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with a message: where the provider keeps it, its stated type, its size in bytes if known."""

    kind: MediaKind
    ref: str
    mime: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that came in by a gateway.

    `provider_id` is unique within the gateway: a second one is a repeat. `address` is an E.164 number (SMS) or a chat
    id (Telegram). `reply_to` is the provider's id of our message that this one answers, `data` what a tapped button
    carried, `phone` a number that Telegram vouches for as the sender's own. `edit_of` is the provider's id of the
    message that an edit replaces. `album` is the provider's id of what several files were sent as at once, each in a
    message of its own. `received_at` is aware UTC.
    """

    gateway: str
    channel: Channel
    provider_id: str
    address: str
    kind: InboundKind
    received_at: datetime
    text: str = ""
    data: str = ""
    reply_to: str | None = None
    edit_of: str | None = None
    phone: str | None = None
    language_hint: str | None = None
    message_id: str | None = None
    media: tuple[Media, ...] = ()
    album: str | None = None

    @property
    def is_missed_call(self) -> bool:
        """Tell whether somebody called the number, and nobody took the call."""
        return self.kind is InboundKind.CALL

    def cleaned(self) -> "Inbound":
        """Return the same without what a database cannot keep; see `storable` and `storable_id`."""
        return replace(
            self,
            provider_id=storable_id(self.provider_id),
            text=storable(self.text),
            data=storable(self.data),
            address=storable(self.address),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the values as plain JSON types."""
        return asdict(self) | {"received_at": self.received_at.isoformat()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Inbound":
        """Build the value that `to_json` gave."""
        media = tuple(Media(**{**m, "kind": MediaKind(m["kind"])}) for m in values["media"])
        return cls(
            **{
                **values,
                "channel": Channel(values["channel"]),
                "kind": InboundKind(values["kind"]),
                "received_at": datetime.fromisoformat(values["received_at"]),
                "media": media,
            }
        )


def storable_id(id_: str) -> str:
    """Return a provider's id as it can be kept: instead of one that is too long a mark that only that one has."""
    kept = storable(id_)
    return kept if len(kept) <= LONGEST_ID else f"long:{sha256(kept.encode()).hexdigest()}"


def storable(text: str) -> str:
    """Return a text as every database keeps it: NUL and half surrogate pairs become U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
