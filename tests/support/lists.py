"""An installation with some areas, and lists brought in with the command as it is typed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result

from samleng import config
from samleng.cli import main
from samleng.setup import complete
from samleng.wiring import build
from storage import Store
from storage.queries.persons import bulk, contacts
from storage.queries.programme import rounds
from storage.queries.sending import batches
from storage.store import Tx
from tests.support.world import START

AREAS = """code,level,parent,name_km,name_lo,name_en
17,province,,សៀមរាប,,Siem Reap
1701,district,17,អង្គរជុំ,,Angkor Chum
1702,district,17,វ៉ារិន,,Varin
170101,commune,1701,ចារឈូក,,Char Chhuk
170107,commune,1701,ស្រែខ្វាវ,,Srae Khvav
170205,commune,1702,ស្រែខ្វាវ,,Srae Khvav
17010701,village,170107,ភូមិថ្មី,ບ້ານໃໝ່,Thmei
17010702,village,170107,ត្រពាំងរុន,,Trapeang Run
0901,district,17,,ຄູນ,Khoun
"""
SOON = (datetime.now(UTC) + timedelta(days=20)).date()
ROUND = ("--code", "R1", "--label", "4", "--date", SOON.isoformat(), "--place", "សាលាឃុំ")


class Place:
    """An installation with some areas, and a folder for lists."""

    def __init__(self, folder: Path, url: str, *, areas: str = AREAS, project: str = "leap") -> None:
        self.folder = folder
        self.path = folder / "config.toml"
        self.path.write_text(
            f'public_url = "http://127.0.0.1:1"\n[database]\nurl = "{url}"\n[[telegram]]\nname = "bot"\n'
            'token_env = "BOT_TOKEN"\nmode = "polling"\n'
        )
        complete(self.path, project, {"BOT_TOKEN": "1:x"}, START)
        assert not areas or self.run("areas", self.file("areas.csv", areas)).exit_code == 0

    def run(self, *words: object) -> Result:
        typed = ["--config", str(self.path), "import", *map(str, words)]
        return CliRunner(env={"BOT_TOKEN": "1:x"}).invoke(main, typed, catch_exceptions=False)

    def says(self, *words: object) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.run(*words, "--json").stdout)
        return said

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def workbook(self, name: str, rows: list[list[Any]], change: Callable[[Any], None] = lambda _: None) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        book.save(self.folder / name)
        return self.folder / name

    def looks(self, find: Callable[[Tx], Any]) -> Any:
        made = build(config.load(self.path, {"BOT_TOKEN": "1:x"}))
        try:
            store: Store = made.store
            with store.reading() as tx:
                return find(tx)
        finally:
            made.close()

    def tell(self, round_code: str, external_id: str) -> None:
        """Let somebody have been reminded of a round."""
        made = build(config.load(self.path, {"BOT_TOKEN": "1:x"}))
        try:
            with made.store.transaction() as tx:
                found = rounds.round_by_code(tx, round_code)
                assert found is not None
                person = bulk.by_external_ids(tx, [external_id])[external_id]
                batch = batches.create(
                    tx, START, kind="reminder", subject=f"round:{found.id}", plan="x", state="sending"
                )
                assert batch is not None
                row = {"contact_point_id": contacts.of_person(tx, person.id)[0].id, "person_id": person.id, "text": "x",
                       "kind": "reminder", "key": "reminder", "language": "km", "protect": False, "channel": "sms",
                       "segments": 1, "gateway_name": "sms", "buttons": None}  # fmt: skip
                batches.lay_out(tx, batch, [row], due_at=START, now=START)
                tx.connection.exec_driver_sql("DELETE FROM outbox")
                tx.connection.exec_driver_sql("UPDATE message SET state = 'accepted'")
        finally:
            made.close()

    def person(self, external_id: str) -> bulk.KnownPerson | None:
        found: bulk.KnownPerson | None = self.looks(lambda tx: bulk.by_external_ids(tx, [external_id]).get(external_id))
        return found


def counts(said: dict[str, Any]) -> tuple[int, ...]:
    return tuple(said[name] for name in ("new", "changed", "unchanged", "doubtful", "wrong"))
