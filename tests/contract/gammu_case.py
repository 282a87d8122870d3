"""Gammu SMSD under the sending half of the contract: its outbox takes what a provider's API takes elsewhere."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.ports import SendResult
from sms_gateway.gammu import GammuGateway
from sms_gateway.gammu.parts import MOST_PARTS, text_of
from sms_gateway.gammu.settings import GammuSettings
from sms_gateway.gammu.store import SCHEMA, create_database, opened
from tests.contract.sms_gateway_case import Behaviour, SendingCase, Taken

_PIN = "the-pin-of-the-sim"


class Outbox:
    """SMSD's real tables, into which messages are put; `url` is the path of their file."""

    def __init__(self, folder: Path) -> None:
        self.url = str(folder / "smsd.db")
        create_database(Path(self.url))

    @property
    def taken(self) -> list[Taken]:
        """What the daemon would find to send."""
        parts = "SELECT ID, 1 AS at, Text FROM outbox UNION ALL SELECT ID, SequencePosition, Text FROM outbox_multipart"
        with opened(Path(self.url), 5.0) as connection:
            numbers = connection.execute("SELECT ID, DestinationNumber FROM outbox ORDER BY ID").fetchall()
            rows = connection.execute(f"SELECT ID, Text FROM ({parts}) ORDER BY ID, at").fetchall()
        texts = {sent_id: [text_of(text) for of, text in rows if of == sent_id] for sent_id, _ in numbers}
        return [Taken(number, "".join(texts[sent_id])) for sent_id, number in numbers]


@asynccontextmanager
async def outbox(_behaviour: Behaviour) -> AsyncIterator[Outbox]:
    """SMSD's tables in a folder of their own."""
    if not SCHEMA.exists():
        pytest.skip("gammu-smsd is not here: apt-get install gammu-smsd libdbd-sqlite3")
    with tempfile.TemporaryDirectory() as folder:
        yield await asyncio.to_thread(Outbox, Path(folder))


def gateway(path: str, timeout: float) -> GammuGateway:
    """The gateway on a file of tables, which need not exist."""
    return GammuGateway(GammuSettings("main", Path(path), "modem-1", pin=_PIN, busy_s=timeout))


GAMMU = SendingCase(
    name="gammu",
    gateway=gateway,
    stand_in=outbox,
    sending={Behaviour.ACCEPT: SendResult.accepted("1")},
    secrets=(_PIN,),
    sender=_PIN,
    longest=MOST_PARTS * 67,
)
