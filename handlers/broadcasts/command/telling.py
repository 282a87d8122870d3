"""What a broadcast would be, and how it goes, in the words of whoever of the staff asks."""

from collections.abc import Iterator
from datetime import datetime

from domain.reading import Language
from handlers.broadcasts import gate, replies
from handlers.broadcasts.preview import GatewayLoad, Preview
from handlers.context import Context
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries.sending import batches
from storage.queries.sending.batches import BatchRecord
from wording import say

_STATES = {
    "waiting": ("queued", "sending"),
    "handed": ("accepted", "sent", "unknown"),
    "delivered": ("delivered",),
    "failed": ("failed", "undelivered"),
    "dropped": ("withdrawn",),
}
"""What staff are told of messages, and the states that it stands for."""


def preview_told(
    context: Context, tx: Tx, batch: BatchRecord, shown: Preview, *, who: str, language: Language, now: datetime
) -> str:
    """Return what a broadcast would be: whom it reaches and not, its cost and hours, what speaks against it, samples."""
    nothing = shown.nothing
    samples = dict.fromkeys(said for several in shown.samples.values() for said in several[:1])
    first = say(
        "broadcast_preview",
        language,
        number=batch.id,
        people=shown.people,
        place=who,
        sms=shown.sms,
        segments=shown.segments,
        telegram=shown.telegram,
        unreached=sum(nothing.values()),
        stopped=nothing.get("stopped", 0),
        nocontact=sum(nothing.get(why, 0) for why in ("no_contact", "dead", "blocked")),
        noconsent=nothing.get("no_consent", 0),
        cost=_cost(shown, language),
        languages=", ".join(f"{say(f'language_{code}', language)} {n}" for code, n in shown.languages.items()),
    )
    lines = [first, *(_gateway(context, each, language) for each in shown.gateways)]
    lines += [say("broadcast_shared", language, count=shown.shared)] if shown.shared else []
    lines += _warnings(context, tx, batch, shown, language=language, now=now)
    return "\n".join((*lines, *(f"«{each}»" for each in samples)))


def progress_told(context: Context, tx: Tx, batch: BatchRecord, language: Language) -> tuple[str, int]:
    """Return how far a broadcast is, and how many of its messages failed."""
    found = batches.progress(tx, batch.id)
    counts = {name: sum(found.get(state, 0) for state in states) for name, states in _STATES.items()}
    people = (batch.counts or {}).get("reached", 0)
    is_over = batch.state == "sending" and not counts["waiting"]
    state = say("broadcast_is_sent" if is_over else f"broadcast_is_{batch.state}", language)
    lines = [say("broadcast_state", language, number=batch.id, state=state, people=people)]
    if found:
        lines.append(say("broadcast_progress", language, **counts))
    if batch.cost is not None:
        lines.append(say("broadcast_cost", language, segments=_parts(batch), cost=f"{batch.cost:g}"))
    if batch.not_after is not None:
        lines.append(say("broadcast_until", language, time=gate.clock(context, batch.not_after)))
    if (batch.audience or {}).get("asks_coming"):
        lines.append(say("broadcast_coming", language, **replies.counted(tx, batch.id)))
    return "\n".join(lines), counts["failed"]


def tell_cancelled(voice: Voice, batch: BatchRecord) -> None:
    """Tell a broadcast's maker that somebody else cancelled it."""
    assert batch.maker_id is not None
    contact = voice.staff_contact(batch.maker_id)
    if contact is None:
        return
    language = voice.staff_language(contact)
    state, people = say("broadcast_is_cancelled", language), (batch.counts or {}).get("reached", 0)
    said = say("broadcast_state", language, number=batch.id, state=state, people=people)
    voice.send(contact, said, key="broadcast_state", kind="notice", staff_id=batch.maker_id)


def _parts(batch: BatchRecord) -> int:
    return int((batch.counts or {}).get("segments", 0))


def _cost(shown: Preview, language: Language) -> str:
    return f"{shown.cost:g}" + (f" + {say('broadcast_unknown_cost', language)}" if shown.without_price else "")


def _gateway(context: Context, each: GatewayLoad, language: Language) -> str:
    unknown = say("broadcast_unknown_cost", language)
    return say(
        "broadcast_gateway",
        language,
        gateway=each.name,
        messages=each.messages,
        segments=each.parts,
        cost=unknown if each.cost is None else f"{each.cost:g}",
        time=gate.clock(context, each.done_at) if each.done_at else say("broadcast_over_a_year", language),
    )


def _warnings(
    context: Context, tx: Tx, batch: BatchRecord, shown: Preview, *, language: Language, now: datetime
) -> Iterator[str]:
    """Give what whoever sends should know before: the night, holidays, its end, the second person, the budget, answers."""
    if shown.waits_for_morning:
        yield say("broadcast_quiet", language, time=gate.clock(context, shown.begins_at))
    if shown.holidays:
        yield say("broadcast_holidays", language, days=", ".join(f"{day.day}/{day.month}" for day in shown.holidays))
    if batch.not_after is not None:
        yield say("broadcast_until", language, time=gate.clock(context, batch.not_after))
        if not shown.is_done_by(batch.not_after):
            yield say("broadcast_not_all", language)
    if gate.needs_second(context, batch):
        yield say("broadcast_needs_second", language, limit=context.settings.broadcast_second_above)
    if (fault := gate.over_budget(context, tx, shown.cost, now, without_price=shown.without_price)) is not None:
        yield fault.said(language)
    if (batch.audience or {}).get("asks_coming"):
        yield say("broadcast_asks", language)
