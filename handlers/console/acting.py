"""Acts from a page: the officers' own commands, answered on the page instead of on a phone, each form at most once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.inbound import Channel, Inbound, InboundKind
from domain.lifecycle import Refused
from domain.ports import Rows
from domain.reading import Language
from domain.settings import Level
from handlers.console.signing_in import Signed
from handlers.context import Context
from handlers.officers.acts import performing
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from storage.queries import alerts
from storage.queries.casework import caseload
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons.contacts import Contact
from storage.store import Tx
from wording import say

_NO_CONTACT = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What an act answered; `key` names the wording."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class PageDuty(Duty):
    """A step of an officer's work at a page: what would be said by phone is collected in `told`."""

    told: list[Told] = field(default_factory=list)

    @property
    def via(self) -> str:
        """Return from where he acts."""
        return "console"

    def tell(self, key: str, *, case: CaseRecord | None = None, buttons: Rows = (), **values: Any) -> int | None:
        """Keep an answer for the page."""
        return self.send(say(key, self.language, **values), key=key, case=case, buttons=buttons)

    def send(
        self, words: str, *, key: str, case: CaseRecord | None = None, buttons: Rows = (), protect: bool = False
    ) -> int | None:
        """Keep an answer that is put together already for the page."""
        _ = case, buttons, protect
        self.told.append(Told(key, words))
        return None


@dataclass(frozen=True, slots=True)
class Posted:
    """One form as it was sent: by whom, as holder of which level, in which language; `form` is the form's own number."""

    signed: Signed
    level: Level
    language: Language
    form: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a form: whether the case was there to be seen, and what is to be told."""

    found: bool
    told: Sequence[Told] = ()


def on_case(context: Context, posted: Posted, reference: str, act: Callable[[PageDuty, CaseRecord], None]) -> Done:
    """Do something to a case that the person may see, in one transaction; the same form sent again does nothing.

    What the case's status does not allow is told, and undone.
    """
    with context.store.transaction() as tx:
        duty = duty_of(context, tx, posted)
        case = caseload.find_visible(tx, duty.staff.posts, reference=reference)
        if case is None:
            return Done(found=False)
        if first_time(tx, posted, case):
            try:
                with tx.attempt():
                    act(duty, case)
            except Refused as refused:
                performing.refuse(duty, case, refused.act)
        return Done(found=True, told=tuple(duty.told))


def command(context: Context, posted: Posted, reference: str, wanted: Command, words: str = "") -> Done:
    """Do what an officer's command does, as though it had been written on a phone."""

    def act(duty: PageDuty, case: CaseRecord) -> None:
        performing.perform(duty, Given(wanted, slash=True, reference=case.reference, words=words))

    return on_case(context, posted, reference, act)


def first_time(tx: Tx, posted: Posted, case: CaseRecord | None) -> bool:
    """Note that a form was sent; False where it came before (a double click, a page loaded again)."""
    key = f"{posted.signed.staff.id}:{posted.form}"[:64]
    return alerts.alert_once(tx, "console_form", key, case_id=case.id if case else None, now=posted.now)


def duty_of(context: Context, tx: Tx, posted: Posted) -> PageDuty:
    """Return the means of working at a page."""
    staff = posted.signed.only(posted.level)
    contact = Contact(
        id=_NO_CONTACT,
        channel=Channel.TELEGRAM,
        address="",
        person_id=None,
        staff_id=staff.id,
        gateway=None,
        language=posted.language.value,
        stopped_at=None,
        blocked_at=None,
        noticed_at=None,
        last_inbound_at=None,
    )
    item = Inbound(
        gateway="console",
        channel=Channel.TELEGRAM,
        provider_id=posted.form,
        address="",
        kind=InboundKind.TAP,
        received_at=posted.now,
        data="page",
    )
    return PageDuty(context, tx, posted.now, contact, staff, item)
