"""What a file is, by its first bytes: a provider's word for it is not believed, and a browser must not guess."""

UNKNOWN = "application/octet-stream"

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"%PDF-", "application/pdf"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = (
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"3gp", "video/3gpp"),
    (b"iso", "video/mp4"),
    (b"mp4", "video/mp4"),
    (b"avc1", "video/mp4"),
    (b"dash", "video/mp4"),
    (b"M4V", "video/mp4"),
)


def type_of(data: bytes) -> str:
    """Return the media type of a file, one of a few that are known to be harmless to show, else `UNKNOWN`."""
    for start, mime in _STARTS:
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], UNKNOWN)
    if data[4:8] == b"ftyp":
        return next((mime for brand, mime in _BRANDS if data[8:12].startswith(brand)), UNKNOWN)
    return "audio/mpeg" if _is_mpeg_layer_three(data[:3]) else UNKNOWN


def _is_mpeg_layer_three(head: bytes) -> bool:
    """Tell whether a frame of MP3 without tags begins here (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version_is_known, is_layer_three = head[1] & 0x18 != 0x08, head[1] & 0x06 == 0x02
    bit_rate, sampling = head[2] >> 4, head[2] >> 2 & 0x03
    return version_is_known and is_layer_three and bit_rate not in (0, 15) and sampling != 3
