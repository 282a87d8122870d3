"""The files that come with a Telegram message: which of its fields hold one, and what they say of it."""

from bot.fields import Json, integer, record, records, words
from domain.inbound import Media, MediaKind

# Telegram repeats an animation as a document, so the order counts. The types are those that Telegram converts to.
_FIELDS = (
    ("voice", MediaKind.VOICE, "audio/ogg"),
    ("audio", MediaKind.AUDIO, "audio/mpeg"),
    ("video", MediaKind.VIDEO, "video/mp4"),
    ("video_note", MediaKind.VIDEO, "video/mp4"),
    ("animation", MediaKind.VIDEO, "video/mp4"),
    ("sticker", MediaKind.STICKER, "image/webp"),
    ("document", MediaKind.DOCUMENT, ""),
)
# A file may have four gigabytes, more than a database's ordinary whole number holds.
_LARGEST = 2**31 - 1


def files_of(message: Json) -> tuple[Media, ...]:
    """Return the file of a message, of a photo the largest size; empty where there is none that can be fetched."""
    if sizes := records(message, "photo"):
        return _media(max(sizes, key=_area), MediaKind.PHOTO, "image/jpeg")
    for name, kind, mime in _FIELDS:
        if held := record(message, name):
            return _media(held, kind, _sticker_type(held, mime))
    return ()


def _area(size: Json) -> int:
    return (integer(size, "width") or 0) * (integer(size, "height") or 0)


def _sticker_type(held: Json, mime: str) -> str:
    if held.get("is_animated") is True:
        return "application/x-tgsticker"
    return "video/webm" if held.get("is_video") is True else mime


def _media(held: Json, kind: MediaKind, mime: str) -> tuple[Media, ...]:
    if not (ref := words(held, "file_id")):
        return ()
    size = integer(held, "file_size")
    stated = words(held, "mime_type")[:100] or mime
    return (Media(kind, ref, stated, None if size is None or size < 0 else min(size, _LARGEST)),)
