"""Fetching a file: from Telegram, or from a Bot API server of one's own, which may keep it on a disk of this machine."""

import asyncio
import logging
from pathlib import Path

import httpx
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.connection import Client
from domain.inbound import Media

log = logging.getLogger(__name__)


async def fetch(bot: Client, media: Media, limit: int) -> bytes | None:
    """Return a file's bytes, or None where it is gone or larger than `limit` bytes.

    Raises `ConnectionError` where it cannot be had now, and may still be there.
    """
    if (media.size or 0) > limit:
        return None
    try:
        file = await bot.get_file(media.ref)
        if not file.file_path or (file.file_size or 0) > limit:
            return None
        return await _bytes(bot, file.file_path, limit)
    except (BadRequest, Forbidden):
        return None
    except OSError as fault:
        log.warning("a file of the own Bot API server cannot be read on this machine (%s)", type(fault).__name__)
        raise ConnectionError(type(fault).__name__) from None
    except (TelegramError, httpx.HTTPError) as fault:
        raise ConnectionError(type(fault).__name__) from None


async def _bytes(bot: Client, address: str, limit: int) -> bytes | None:
    # A server that runs with --local names a path on its own disk; the library makes an address of what it cannot see.
    path = Path(address.removeprefix(f"{bot.base_file_url}/"))
    if not path.is_absolute():
        return await _download(address, limit)
    return await asyncio.to_thread(_read, path, limit) if bot.own_server else None


def _read(path: Path, limit: int) -> bytes | None:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    return data if len(data) <= limit else None


async def _download(url: str, limit: int) -> bytes | None:
    held = bytearray()
    async with httpx.AsyncClient(timeout=30) as client, client.stream("GET", url) as answer:
        if answer.is_client_error:
            return None
        answer.raise_for_status()
        async for chunk in answer.aiter_bytes():
            held += chunk
            if len(held) > limit:
                return None
    return bytes(held)
