"""The simulator gateways' way out: every message is handed over at once, and the phone on the page shows it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from domain.inbound import Channel, Media
from domain.ports import FailureKind, Outbound, OutboundAction, SendResult
from handlers import simulator
from handlers.context import Context
from storage.store import DatabaseAway

_SAMPLE = Path(__file__).parent / "static" / "sample-photo.png"


class SimulatorSender:
    """One simulated gateway: `domain.ports.Sender` and `domain.ports.MediaSource`.

    `name` and `channel` are those of one of `handlers.simulator.GATEWAYS`; `clock` gives aware UTC.
    """

    def __init__(self, name: str, channel: Channel, context: Context, clock: Callable[[], datetime]) -> None:
        self.name = name
        self.channel = channel
        self._context = context
        self._clock = clock

    async def send(self, message: Outbound) -> SendResult:
        """Hand one message over, or take one off the phone; with the database away, that is to be tried again."""
        if message.action is OutboundAction.DELETE:
            try:
                await asyncio.to_thread(simulator.deleted, self._context, message.message_id, self._clock())
            except DatabaseAway:
                return SendResult.of(FailureKind.PROVIDER_DOWN)
        return SendResult.accepted(f"phone-{message.message_id}")

    async def fetch(self, media: Media, limit: int) -> bytes | None:
        """Return the sample photo's bytes, or None for anything else or where it is larger than `limit` bytes."""
        if media.ref != simulator.SAMPLE_PHOTO.ref:
            return None
        data = await asyncio.to_thread(_SAMPLE.read_bytes)
        return data if len(data) <= limit else None

    async def close(self) -> None:
        """Nothing is held."""
