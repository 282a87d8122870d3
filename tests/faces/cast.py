"""Two worlds that differ in one thing: in the first she reported harm, in the second she never wrote. Who looks at them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

from sqlalchemy import event

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from domain.texts.references import new_reference
from handlers.places import find_places
from storage import Store
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from tests.support.databases import TEST_KEYS, Databases
from tests.support.world import Phone, new_world

ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
MISSING = "ខ្ញុំមិនទាន់បានលុយ ៣ខែហើយ"
PLACE = "ស្រែខ្វាវ អង្គរជុំ"
HER_NUMBER = "+85512345678"
INVENTED = new_reference("LP", Random(99))
REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")
_ALSO = ((Level.ADMIN, None), (Level.PROVIDER, None))
_BY_SMS = (
    (Level.FACILITATOR, "170107"), (Level.COMMUNE, "170107"), (Level.DISTRICT, "1701"), (Level.PROVINCE, "17"),
    (Level.NATIONAL, None), (Level.DESK, None), (Level.STAFF, None), (Level.ADMIN, None), (Level.PROVIDER, None),
)  # fmt: skip


class Place:
    """A world with somebody of every level but focal points, by Telegram and by SMS, and what each asks of it."""

    def __init__(self, store: Store) -> None:
        self.world = new_world(store, "leap")
        self.world.context.monotonic = lambda: 0.0
        self.world.context.gateways = {
            name: replace(each, rate=1e6) for name, each in self.world.context.gateways.items()
        }
        for level, area in _ALSO:
            self.world.add_officer(level.value, level, area, language=Language.KM)
        for level, area in _BY_SMS:
            self.world.add_officer(f"{level} sms", level, area, language=Language.KM, channel=Channel.SMS)
        self.world.phone("+85511999888").writes("hello")
        with store.reading() as tx:
            find_places(self.world.context, tx, "ចារឈូក", whole=True)
        self.statements: list[str] = []
        self._deliver, self._delivers = self.world.drain, False
        self.world.drain = self._drain  # type: ignore[method-assign]
        event.listen(store.engine, "before_cursor_execute", self._note)

    @property
    def watchers(self) -> list[str]:
        """Return everybody of the cast but the focal points."""
        return [name for name in self.world.staff if not name.startswith("focal")]

    def watcher(self, name: str) -> Phone:
        """Return somebody's phone; one who was made absent or stopped is asked all the same."""
        return self.world.officer(name)

    def she_reports(self) -> str:
        """Let her report harm, have the focal points told, and return the reference."""
        (reference,) = REFERENCE.findall(self.world.phone(HER_NUMBER).writes(ABUSE)[0])
        return str(reference)

    def case(self, reference: str) -> CaseRecord:
        """Return a case as stored."""
        with self.world.store.reading() as tx:
            found = cases.by_reference(tx, reference)
        assert found is not None
        return found

    def counted(self, phone: Phone, text: str, **values: object) -> tuple[list[str], int]:
        """Return what comes back to a text and how many statements that took."""
        del self.statements[:]
        said = phone.writes(text, **values)
        return said, len(self.statements)

    def _note(self, *executed: object) -> None:
        if not self._delivers:
            self.statements.append(str(executed[2]))

    def _drain(self) -> None:
        """Deliver without counting: the dispatcher works after the answer, at the gateway's rate for everybody."""
        self._delivers = True
        self._deliver()
        self._delivers = False


def plain(said: list[str], reference: str) -> list[str]:
    """Return texts with the reference that was asked for made alike, and others and codes, which chance draws."""
    return [_CODE.sub("CODE", REFERENCE.sub("ANY", each.replace(reference, "REF"))) for each in said]


@contextmanager
def places(databases: Databases, kind: str, count: int = 2) -> Iterator[list[Place]]:
    """Make worlds of their own, alike in all."""
    stores = [Store(databases.fresh_url(kind), TEST_KEYS, pool_size=2) for _ in range(count)]
    try:
        yield [Place(store) for store in stores]
    finally:
        for store in stores:
            store.close()


def levels_watching(place: Place) -> set[Level]:
    """Return the levels of all who watch."""
    with place.world.store.reading() as tx:
        watching = {place.world.staff[name] for name in place.watchers}
        return {level for each in staff.everybody(tx) if each.id in watching for level in each.levels}
