"""The demo's ways into the console: one at the desk, one focal point, with everything that is needed to sign in."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pyotp

from domain.settings import Level
from handlers.console import accounts, signing_in
from handlers.console.signing_in import Caller
from handlers.context import Context
from storage.queries.staffing import staff

_FILE = "console.json"
_EARLIER = timedelta(minutes=2)
"""So much before now the codes are set up: the one of this minute is still unused."""


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody of the demo signs in with; each of `paper_codes` works once in place of the code of a phone."""

    level: str
    username: str
    password: str
    secret: str
    paper_codes: tuple[str, ...]

    def told(self, now: datetime) -> str:
        """Return it in a line for a terminal, with the one-time code of this moment."""
        code = pyotp.TOTP(self.secret).at(now)
        return f"{self.level}: user name {self.username}, password {self.password}, code now {code} (key {self.secret})"


def make_doors(context: Context, home: Path, now: datetime) -> list[Door]:
    """Let one person of the desk and one focal point sign in, and keep with what beside the demo's database."""
    with context.store.reading() as tx:
        everybody = staff.everybody(tx)
    doors = []
    for level in (Level.DESK, Level.FOCAL):
        staff_id = next(each.id for each in everybody if level in each.levels)
        doors.append(_door(context, level, staff_id, now - _EARLIER))
    (home / _FILE).write_bytes(orjson.dumps([asdict(each) for each in doors], option=orjson.OPT_INDENT_2))
    return doors


def read_doors(home: Path) -> list[Door]:
    """Return the ways in that were kept; none where the demo was made before there were any."""
    path = home / _FILE
    if not path.exists():
        return []
    rows = orjson.loads(path.read_bytes())
    return [Door(**{**row, "paper_codes": tuple(row["paper_codes"])}) for row in rows]


def _door(context: Context, level: Level, staff_id: int, now: datetime) -> Door:
    """Go the way that everybody goes: the link, the password, the first one-time code."""
    password = secrets.token_hex(8)
    link = accounts.invite(context, staff_id, username=level.value, now=now)
    accounts.set_password(context, link.token, password, now)
    token = signing_in.begin(context, link.username, password, caller=Caller(""), now=now)
    signed = signing_in.who(context, token, now) if token else None
    assert signed is not None
    found = accounts.setup_secret(context, signed)
    assert found is not None
    done = accounts.confirm_setup(context, signed, pyotp.TOTP(found[0]).at(now), now)
    assert done is not None
    whole = signing_in.who(context, done[0], now)
    assert whole is not None
    signing_in.sign_out(context, whole, now)
    return Door(level.value, link.username, password, found[0], tuple(done[1]))
