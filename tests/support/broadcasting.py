"""An installation with two members of staff and people of one village, on which `samleng broadcast` is typed."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from domain.inbound import Channel
from domain.ports import SendResult
from handlers.sending import dispatch
from handlers.sweeps.batches import lay_out_all
from samleng.cli import main
from samleng.wiring import Installation
from storage.queries import areas, settings
from storage.queries.persons import contacts, people
from tests.support.world import START

BY_SMS, STAFF = "operator", ("+85512345600", "+85512345601")


@dataclass
class Scene:
    """An installation with two members of staff, and people of one village."""

    path: Path
    opened: Installation
    maker: int = 0
    second: int = 0
    area: str = ""

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(self.path), *words])

    def json(self, *words: str) -> dict:
        done = self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    def person(self, number: str | None, *, at: datetime = START, **values: object) -> int:
        with self.opened.store.transaction() as tx:
            area = areas.by_code(tx, self.area)
            made = people.create(tx, at, **{"area_id": area.id, "language": "km", **values})
            if number is not None:
                contact = contacts.lock(tx, Channel.SMS, number, now=START)
                contacts.change(tx, contact.id, person_id=made)
        return made

    def set(self, **values: object) -> None:
        with self.opened.store.transaction() as tx:
            changed = settings.current(tx).model_copy(update=values)
            settings.add(tx, changed, actor="staff", actor_id=None, now=START)

    def submit(self, *words: str) -> int:
        return self.json("broadcast", "submit", "--by", str(self.maker), *words)["id"]

    def approve(self, number: int, by: int | None = None) -> Result:
        return self.run("broadcast", "approve", str(number), "--by", str(by or self.second))

    def leave(self, result: SendResult | None = None, now: datetime | None = None) -> list[tuple[str, str]]:
        """Lay everything out and hand it over, outside quiet hours; return numbers and texts."""
        now = now or self.morning()
        lay_out_all(self.opened.context, now)
        given = []
        while claimed := dispatch.claim(self.opened.context, BY_SMS, now, paced=False):
            given += [
                (item.outbound.address, item.outbound.text) for item in claimed if item.outbound.address not in STAFF
            ]
            done = [(item, result or SendResult.accepted(f"x{item.item_id}")) for item in claimed]
            dispatch.record(self.opened.context, BY_SMS, done, now)
        return given

    def morning(self) -> datetime:
        """Return the next morning that is not in quiet hours."""
        calendar = self.opened.context.calendar
        return calendar.at(calendar.local_day(datetime.now(UTC)) + timedelta(days=1), time(10))
