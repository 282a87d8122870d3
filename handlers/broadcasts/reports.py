"""Report back: once a month each commune's totals are drafted for those who wrote and its officers; staff approve it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from domain.reading import Language
from handlers.broadcasts import gate
from handlers.broadcasts.preview import preview
from handlers.broadcasts.texts import filler_of
from handlers.context import Context
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import areas, audit
from storage.queries.areas import AreaRecord
from storage.queries.programme import report_back
from storage.queries.programme.report_back import Totals
from storage.queries.sending import batches
from storage.queries.sending.batches import BatchRecord
from wording import say, texts

LEAST = 5
"""Figures below are told to nobody: from few, one could see who wrote."""

_HOUR = time(9, 0)
_LATE_DAYS = 7


def draft_reports(context: Context, now: datetime) -> int:
    """Draft last month's report, once, on the project's day or within a week after it; count it.

    It goes through the same gate as a broadcast: nothing is sent before a member of staff approves it.
    """
    day = context.settings.report_back_day
    today = context.calendar.local_day(now)
    if day is None or not day <= today.day < day + _LATE_DAYS or now < context.calendar.at(today, _HOUR):
        return 0
    last = today.replace(day=1)
    first = (last - timedelta(days=1)).replace(day=1)
    with context.store.transaction() as tx:
        if batches.exists(tx, "report", f"report:{first:%Y-%m}", "once"):
            return 0
        return _draft(context, tx, first, last, now)


def _draft(context: Context, tx: Tx, first: date, last: date, now: datetime) -> int:
    start, end = (context.calendar.at(each, time.min) for each in (first, last))
    told = _totals(context, tx, start, end, now)
    values = _values(told, f"{first.month}/{first.year}")
    batch_id = batches.create(
        tx,
        now,
        kind="report",
        subject=f"report:{first:%Y-%m}",
        plan="once",
        state="draft" if values else "cancelled",
        texts={language.value: texts(language)["report_back"] for language in Language},
        audience={"wrote": [start.isoformat(), end.isoformat(), sorted(values)]},
        counts={"areas": {str(area): said for area, said in values.items()}},
    )
    if batch_id is None or not values:
        return 0
    audit.add(tx, "report.drafted", actor="system", now=now, data={"batch": batch_id, "areas": len(told)})
    batch = batches.by_id(tx, batch_id)
    assert batch is not None
    shown = preview(context, tx, batch.audience or {}, filler_of(batch), now)
    batches.change(tx, batch_id, counts={**(batch.counts or {}), **shown.figures})
    counted = batches.by_id(tx, batch_id)
    assert counted is not None
    gate.submit(context, tx, counted, now=now)
    return 1


def _totals(
    context: Context, tx: Tx, start: datetime, end: datetime, now: datetime
) -> list[tuple[AreaRecord, Totals, list[int]]]:
    """Return the areas about which enough came in, with their totals and all areas that lie in them."""
    by_path, every, found = report_back.by_path(tx, start, end, now), areas.all_areas(tx), []
    for area in every:
        if area.level != context.settings.asked_level:
            continue
        parts = [each for path, each in by_path.items() if path.startswith(area.path)]
        totals = Totals(*(sum(getattr(each, name) for each in parts) for name in ("received", "resolved", "late")))
        if totals.received >= LEAST:
            inside = [each.id for each in every if each.path.startswith(area.path)]
            found.append((area, totals, inside))
    return found


def _values(told: list[tuple[AreaRecord, Totals, list[int]]], month: str) -> dict[int, dict[str, dict[str, str]]]:
    """Return what is filled in for people of each area, by language."""
    return {
        inside: {
            language.value: {
                "place": area.name(language),
                "month": month,
                **{name: _said(getattr(totals, name), language) for name in ("received", "resolved", "late")},
            }
            for language in Language
        }
        for area, totals, within in told
        for inside in within
    }


def _said(figure: int, language: Language) -> str:
    return str(figure) if figure == 0 or figure >= LEAST else say("fewer_than_five", language)


def tell_officers(context: Context, tx: Tx, batch: BatchRecord, now: datetime) -> int:
    """Tell the officers of the areas of an approved report the same totals, and count them."""
    values: dict[str, Any] = (batch.counts or {}).get("areas", {})
    voice, told = Voice(context, tx, now), 0
    filler = filler_of(batch)
    for staff_id, area_id in report_back.officers(tx, [int(area) for area in values]):
        contact = voice.staff_contact(staff_id)
        if contact is None:
            continue
        language = voice.staff_language(contact)
        said = filler.said(language.value, name=None, area_id=area_id)
        if said is not None:
            voice.send(contact, said, key="report_back", kind="notice", staff_id=staff_id)
            told += 1
    return told
