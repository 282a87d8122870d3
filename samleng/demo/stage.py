"""The stage on which the demo's half year is played: a clock, phones that write, and a provider that takes everything.

What is written takes the road of every message; all of it together is one transaction of the real database, so that a
demo is there whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from random import Random

from domain.inbound import Channel, Inbound, InboundKind, Media
from domain.ports import OutboundAction, SendResult
from handlers.context import Context
from handlers.incoming.intake import receive
from handlers.sending import dispatch
from handlers.simulator import GATEWAYS, PHONE_SMS, PHONE_TELEGRAM
from storage import Store, Tx
from storage.queries.persons import contacts, messages, questions


@dataclass(frozen=True, slots=True)
class Line:
    """One end of a conversation: a phone number (SMS) or an account of the simulator (Telegram)."""

    channel: Channel
    address: str

    @property
    def gateway(self) -> str:
        """Return the simulator's gateway of the line's channel."""
        return PHONE_SMS if self.channel is Channel.SMS else PHONE_TELEGRAM


class OneCommit(Store):
    """A store whose transactions are parts of one that is open already: they are undone singly and kept together."""

    def __init__(self, store: Store, tx: Tx) -> None:
        self.url, self.direct_url, self.keys, self.engine = store.url, store.direct_url, store.keys, store.engine
        self._tx = tx

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Open a part that is undone where its block raises."""
        with self._tx.attempt():
            yield self._tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Read what is there so far."""
        yield self._tx


@dataclass(slots=True)
class Stage:
    """The means of playing: `now` is the play's own time, aware UTC; `last_words` what each line was sent last."""

    context: Context
    tx: Tx
    now: datetime
    last_words: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def on(cls, context: Context, tx: Tx, now: datetime, random: Random) -> "Stage":
        """Build a stage within a transaction, with gateways that are the simulator's and chance that can be repeated."""
        gateways = {each.name: each for each in GATEWAYS}
        play = replace(
            context, store=OneCommit(context.store, tx), gateways=gateways, random=random, place_indexes=None
        )
        return cls(play, tx, now)

    def writes(self, line: Line, text: str) -> None:
        """Let a line send a text."""
        self.sends(line, InboundKind.TEXT, text=text)

    def sends(
        self,
        line: Line,
        kind: InboundKind,
        *,
        text: str = "",
        phone: str | None = None,
        media: tuple[Media, ...] = (),
    ) -> None:
        """Let a line send anything."""
        # The simulator shows on its phones what has ids like its own.
        number = f"phone-in-demo-{next(self._numbers)}"
        item = Inbound(
            gateway=line.gateway,
            channel=line.channel,
            provider_id=number,
            message_id=number,
            address=line.address,
            kind=kind,
            received_at=self.now,
            text=text,
            phone=phone,
            media=media,
        )
        receive(self.context, item, self.now)

    def deliver(self) -> None:
        """Hand over what is due, where something was queued since the last time."""
        while self.tx.queued:
            self.tx.queued = False
            for gateway in self.context.gateways:
                while self._hand_over(gateway):
                    pass

    def _hand_over(self, gateway: str) -> bool:
        claimed = dispatch.claim(self.context, gateway, self.now, paced=False)
        results = []
        for item in claimed:
            outbound = item.outbound
            if outbound.action is OutboundAction.DELETE:
                messages.change(self.tx, outbound.message_id, state="withdrawn", state_at=self.now)
            else:
                self.last_words[outbound.address] = outbound.text
            results.append((item, SendResult.accepted(f"phone-{outbound.message_id}")))
        if results:
            dispatch.record(self.context, gateway, results, self.now)
        return bool(results)

    def deliver_all(self) -> None:
        """Hand over what is due at this moment, whether or not something was just queued."""
        self.tx.queued = True
        self.deliver()

    def contact_id(self, line: Line) -> int | None:
        """Return the number of a line's contact point, or None where it never wrote."""
        found = contacts.find(self.tx, line.channel, line.address)
        return found.id if found is not None else None

    def asked(self, line: Line) -> str | None:
        """Return what kind of question a line has open, or None where it has none."""
        contact_id = self.contact_id(line)
        question = questions.open_of(self.tx, contact_id) if contact_id is not None else None
        return question.kind if question is not None else None
