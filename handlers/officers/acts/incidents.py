"""`/incident`: the matters that many people wrote about, and one answer to all of them, shown before it is sent."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from domain.inbound import Channel
from domain.lifecycle import Outcome
from domain.ports import Button
from domain.sending.segments import count_segments
from domain.texts.digits import to_ascii_digits
from handlers.broadcasts import texts_by_language
from handlers.cases.conflicts import is_accusation, needs_two
from handlers.cases.incidents import Answer, may_see, named
from handlers.officers.acts.deciding import OUTCOME_WORDS
from handlers.officers.asking.listing import SMS_SEGMENTS
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from handlers.officers.keeping import keep
from handlers.officers.reach import may_act
from storage.queries import areas, audit
from storage.queries.casework import incidents
from storage.queries.casework.cases import CaseRecord
from storage.queries.casework.incidents import Hearer, IncidentRecord
from storage.queries.staffing import pending
from wording import say

MARK = "n"
ANSWER_WORDS = frozenset({"answer", "ឆ្លើយ", "ຕອບ"})
_ROWS = 10
_DRAFT_LASTS = timedelta(hours=12)
_ASKED = re.compile(r"\[?(\d{1,6})\]?\s*(.*)", re.DOTALL)
_EXAMPLE_REFERENCE = "XX-0000-00"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an answer would be: to whom it goes by which way, in how many SMS parts, and who reads what."""

    answer: Answer
    people: int
    by_sms: int
    telegram: int
    unreached: int
    segments: int
    longest: int
    languages: dict[str, int]
    missing: dict[str, int]


def command(duty: Duty, given: Given) -> None:
    """List incidents, show one, or show what an answer to it would be; by SMS, where a code came back, send that."""
    asked = _asked(given.words)
    if asked is None:
        _list(duty)
        return
    number, words = asked
    incident = _find(duty, number)
    if incident is None:
        duty.tell("officer_incident_unknown", number=number)
    elif not words:
        _show(duty, incident)
    elif duty.by_sms:
        _send(duty, incident, words)
    else:
        _offer(duty, incident, words)


def shown_before_code(duty: Duty, given: Given) -> bool:
    """Show by SMS what an answer would be, before its code; False where it cannot be sent, which is said."""
    number, words = _asked(given.words) or (0, "")
    incident = _find(duty, number)
    if incident is None:
        duty.tell("officer_incident_unknown", number=number)
        return False
    preview = _preview(duty, incident, words)
    if preview is not None:
        _tell_preview(duty, incident, preview, ())
    return preview is not None


def tapped(duty: Duty, draft_id: int) -> None:
    """Send the answer that was shown, once only; everything is looked at again."""
    draft = pending.take(duty.tx, draft_id, contact_id=duty.contact.id, state="draft", now=duty.now)
    if draft is None:
        duty.tell("officer_confirm_late")
        return
    send(duty, str(json.loads(draft.payload)["words"]))


def send(duty: Duty, words: str) -> None:
    """Let an answer, given as `NUMBER answer …`, go to all; everything is looked at again."""
    number, words = _asked(words) or (0, "")
    incident = _find(duty, number)
    if incident is None:
        duty.tell("officer_incident_unknown", number=number)
    else:
        _send(duty, incident, words)


def _asked(words: str) -> tuple[int, str] | None:
    """Return which incident is meant and what is said of it; None where no number is given."""
    found = _ASKED.fullmatch(to_ascii_digits(words[:8]) + words[8:])
    return (int(found[1]), found[2].strip()) if found is not None else None


def _find(duty: Duty, number: int) -> IncidentRecord | None:
    """Return an incident, locked, where the officer may see it and something of it."""
    incident = incidents.by_id(duty.tx, number, locked=True)
    if incident is None or not may_see(incident, duty.staff.posts, areas.by_id(duty.tx, incident.area_id).path):
        return None
    return incident if incidents.people_seen(duty.tx, number, duty.staff.posts) else None


def _list(duty: Duty) -> None:
    raised = incidents.of_states(duty.tx, incidents.RAISED, incidents.ANSWERING)
    paths = areas.paths_of(duty.tx, [each.area_id for each in raised])
    mine = [each for each in raised if may_see(each, duty.staff.posts, paths[each.area_id])]
    figures = incidents.figures(duty.tx, [each.id for each in mine], duty.staff.posts)
    mine = [each for each in mine if each.id in figures]
    if not mine:
        duty.tell("officer_incidents_none")
        return
    lines = [
        say(
            "officer_incidents_row",
            duty.language,
            **named(duty.tx, each, duty.language),
            people=figures[each.id].people,
            day=duty.voice.day(each.opened_at),
        )
        for each in mine[-_ROWS:]
    ]
    title = say("officer_incidents_title", duty.language, count=len(mine))
    text = "\n".join([title, *lines])
    while duty.by_sms and len(lines) > 1 and count_segments(text).segments > SMS_SEGMENTS:
        lines.pop()
        text = "\n".join([title, *lines])
    duty.send(text, key="officer_incidents_title")


def _show(duty: Duty, incident: IncidentRecord) -> None:
    figures = incidents.figures(duty.tx, [incident.id], duty.staff.posts)[incident.id]
    duty.tell(
        "officer_incident",
        **named(duty.tx, incident, duty.language),
        people=figures.people,
        open=figures.open,
        answered=figures.answered,
        day=duty.voice.day(incident.opened_at),
    )


def _offer(duty: Duty, incident: IncidentRecord, words: str) -> None:
    """Show what an answer would be, with Send."""
    preview = _preview(duty, incident, words)
    if preview is None:
        return
    kept = Given(Command.INCIDENT, slash=True, words=f"{incident.id} {words}")
    draft = keep(duty, kept, None, "draft", _DRAFT_LASTS)
    _tell_preview(duty, incident, preview, ((Button(say("button_send", duty.language), f"{MARK}:send:{draft}"),),))


def _send(duty: Duty, incident: IncidentRecord, words: str) -> None:
    """Let an answer go to all: what it is and who gets it is kept, and the cases are answered one after the other."""
    preview = _preview(duty, incident, words)
    if preview is None:
        return
    answer = preview.answer
    values = {"texts": answer.as_plain(), "answered_by": duty.staff.id, "answered_at": duty.now}
    incidents.change(duty.tx, incident.id, state=incidents.ANSWERING, **values)
    data = {"incident": incident.id, "outcome": answer.outcome.value, "cases": len(answer.cases)}
    told = " ".join(f"{language}: {text}" for language, text in answer.words.items())
    audit.add(duty.tx, "incident.answered", actor="officer", actor_id=duty.staff.id, now=duty.now, data=data,
              personal=told)  # fmt: skip
    duty.tell("officer_incident_sent", people=preview.people)


def _preview(duty: Duty, incident: IncidentRecord, words: str) -> Preview | None:
    """Return what an answer would be; None where it cannot be given, which is said with the reason."""
    if incident.state != incidents.RAISED:
        duty.tell("officer_incident_over", number=incident.id)
        return None
    if is_accusation(incident.category):
        duty.tell("officer_incident_each")
        return None
    texts, outcome = _read(duty, words)
    if not texts:
        duty.tell("officer_usage", usage=say("usage_incident", duty.language))
        return None
    found = [case for case in incidents.open_cases(duty.tx, incident.id, duty.staff.posts) if _answerable(duty, case)]
    if not found:
        duty.tell("officer_incident_nobody")
        return None
    preview = _counted(duty, found, incidents.hearers(duty.tx, incident.id), Answer(texts, outcome, ()))
    return preview if _fits(duty, preview) else None


def _answerable(duty: Duty, case: CaseRecord) -> bool:
    """Tell whether a case may be answered together with others: not what is with a higher level, or needs two people."""
    return may_act(duty, case, Command.RESOLVE) and not case.with_desk and not needs_two(case)


def _read(duty: Duty, words: str) -> tuple[dict[str, str], Outcome]:
    """Read `answer [outcome] km: … lo: …`; no texts where it is none."""
    verb, _, rest = words.partition(" ")
    if verb.lower() not in ANSWER_WORDS:
        return {}, Outcome.UPHELD
    first, _, more = rest.strip().partition(" ")
    outcome = OUTCOME_WORDS.get(first.lower())
    text = (more if outcome else rest).strip()
    found = texts_by_language(text, duty.context.settings.default_language) if text else {}
    return {language: said for language, said in found.items() if said}, outcome or Outcome.UPHELD


def _counted(duty: Duty, found: list[CaseRecord], hearers: dict[int, Hearer], answer: Answer) -> Preview:
    count: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    default = duty.context.settings.default_language.value
    outside = duty.context.settings.outside_address
    parts = {
        language: count_segments(say("decision", language, ref=_EXAMPLE_REFERENCE, text=text, outside=outside)).segments
        for language, text in answer.words.items()
    }
    for case in found:
        hearer = hearers[case.id]
        language = hearer.language or default
        if not hearer.reached or hearer.channel is None:
            count["unreached"] += 1
            continue
        languages[language] += 1
        count[hearer.channel.value] += 1
        if hearer.channel is Channel.SMS:
            count["segments"] += parts.get(language, 0)
    return Preview(
        answer=Answer(answer.words, answer.outcome, tuple(case.id for case in found)),
        people=len({case.about_id or case.person_id for case in found}),
        by_sms=count[Channel.SMS.value],
        telegram=count[Channel.TELEGRAM.value],
        unreached=count["unreached"],
        segments=count["segments"],
        longest=max(parts.values()) if count[Channel.SMS.value] else 0,
        languages=dict(languages),
        missing={language: number for language, number in languages.items() if language not in answer.words},
    )


def _fits(duty: Duty, preview: Preview) -> bool:
    """Tell whether everybody would get an answer that she can read and a gateway takes; else say what is wrong."""
    gateways = duty.context.gateways.values()
    most = min((each.max_segments for each in gateways if each.channel is Channel.SMS), default=1)
    if preview.missing:
        language, number = next(iter(preview.missing.items()))
        example = " ".join(f"{each}: …" for each in sorted(preview.languages))
        named_language = say(f"language_{language}", duty.language)
        duty.tell("officer_incident_language", count=number, language=named_language, example=example)
        return False
    if preview.longest > most:
        duty.tell("officer_too_long", segments=preview.longest, most=most)
        return False
    return True


def _tell_preview(
    duty: Duty, incident: IncidentRecord, preview: Preview, buttons: tuple[tuple[Button, ...], ...]
) -> None:
    languages = ", ".join(f"{say(f'language_{each}', duty.language)} {n}" for each, n in preview.languages.items())
    duty.tell(
        "officer_incident_preview",
        buttons=buttons,
        **named(duty.tx, incident, duty.language),
        people=preview.people,
        sms=preview.by_sms,
        segments=preview.segments,
        telegram=preview.telegram,
        unreached=preview.unreached,
        languages=languages,
        text="» «".join(preview.answer.words.values()),
    )
