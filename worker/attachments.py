"""Fetching the files that came with messages: outside any transaction, up to a size, their types found by looking."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.ports import MediaSource
from handlers.context import Context
from handlers.faults import where
from storage.queries.persons import attachments
from storage.queries.persons.attachments import AttachmentRecord
from worker.sniffing import type_of

log = logging.getLogger(__name__)

MOST_BYTES = 5 * 1024 * 1024
"""What is larger is not kept."""

STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, *(60,) * 24))
"""Waits between attempts to fetch one file; after the last it is given up."""

_AT_ONCE = 4
_LONGEST_S = 120.0


async def fetch_waiting(context: Context, sources: Mapping[str, MediaSource], now: datetime) -> int:
    """Fetch files that are due, some at once, and count those that were kept. Raises `DatabaseAway`.

    It belongs to the event loop of the sources. Each file is put off before it is fetched, so that another process
    leaves it alone, and a crash costs one wait.
    """
    kept = 0
    while found := await asyncio.to_thread(_put_off, context, now):
        kept += sum(await asyncio.gather(*(_fetch(context, sources, each) for each in found)))
    return kept


def _put_off(context: Context, now: datetime) -> list[AttachmentRecord]:
    with context.store.reading() as tx:
        if not attachments.waiting(tx, now, 1):
            return []
    with context.store.transaction() as tx:
        found = attachments.waiting(tx, now, _AT_ONCE)
        for each in found:
            wait = STEPS[min(each.attempts, len(STEPS) - 1)]
            attachments.postpone(tx, each.id, attempts=each.attempts + 1, next_try_at=now + wait)
    return found


async def _fetch(context: Context, sources: Mapping[str, MediaSource], file: AttachmentRecord) -> bool:
    try:
        async with asyncio.timeout(_LONGEST_S):
            data = await _ask(sources, file)
    except (ConnectionError, TimeoutError):
        return await _may_come_later(context, file)
    except Exception as fault:
        log.error("gateway %s: a file could not be fetched: %s", file.gateway, where(fault))
        return await _may_come_later(context, file)
    if data is None or len(data) > MOST_BYTES:
        too_large = data is not None or (file.media.size or 0) > MOST_BYTES
        await asyncio.to_thread(_give_up, context, file, "too_large" if too_large else "gone")
        return False
    await asyncio.to_thread(_keep, context, file, data)
    return True


async def _ask(sources: Mapping[str, MediaSource], file: AttachmentRecord) -> bytes | None:
    source = sources.get(file.gateway)
    if source is None:
        raise ConnectionError(f"there is no gateway {file.gateway}")
    return await source.fetch(file.media, MOST_BYTES)


async def _may_come_later(context: Context, file: AttachmentRecord) -> bool:
    if file.attempts >= len(STEPS):
        await asyncio.to_thread(_give_up, context, file, "gone")
    return False


def _give_up(context: Context, file: AttachmentRecord, state: str) -> None:
    with context.store.transaction() as tx:
        attachments.give_up(tx, file.id, state)


def _keep(context: Context, file: AttachmentRecord, data: bytes) -> None:
    with context.store.transaction() as tx:
        attachments.keep(tx, file.id, data, type_of(data))
