"""One modem's settings, and the configuration file of SMSD that goes with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

_OWN_LINE = str.maketrans("", "", "\r\n\x00")


@dataclass(frozen=True, slots=True)
class GammuSettings:
    """One modem's settings.

    `database` is SMSD's SQLite file, `phone_id` SMSD's `PhoneID`: several modems may share one file. `country` (ISO
    3166) says how to read numbers without a country code. `timezone` is the zone in which SMSD runs; a SIM's day ends
    at its midnight. `daily_cap` is the number of SMS (parts count) that the SIM may send a day, None for no cap. A modem
    that was silent for `silent_after` is unhealthy. Missing parts of a long SMS are waited for during `part_wait`; done
    rows are kept for `keep`. `poll_s` and `busy_s` are in seconds: the pause between looks, and how long others' writes
    are waited for. `pin` is the SIM's, for `example_configuration` only. `call_secret` proves that a missed call is
    told by our own modem's hook; without it none is taken.
    """

    name: str
    database: Path
    phone_id: str
    country: str = "KH"
    timezone: str = "Asia/Phnom_Penh"
    device: str = "/dev/ttyUSB0"
    connection: str = "at"
    pin: str | None = field(default=None, repr=False)
    daily_cap: int | None = None
    silent_after: timedelta = timedelta(minutes=5)
    part_wait: timedelta = timedelta(minutes=10)
    keep: timedelta = timedelta(days=7)
    rate: float = 1.0
    poll_s: float = 1.0
    busy_s: float = 5.0
    call_secret: str | None = field(default=None, repr=False)


def example_configuration(settings: GammuSettings, extra: Mapping[str, str] | None = None) -> str:
    """Return a whole `/etc/gammu-smsdrc` for one modem; `extra` are further lines of its section `[smsd]`.

    The file may hold the SIM's PIN, and must be readable by SMSD's user alone.
    """
    smsd = _smsd(settings) | dict(extra or {})
    phone = {"device": settings.device, "connection": settings.connection, "gammuloc": "/dev/null"}
    if settings.connection == "none":
        phone |= {"model": "dummy", "port": settings.device}
        del phone["device"]
    return "\n".join(["[gammu]", *_lines(phone), "", "[smsd]", *_lines(smsd), ""])


def _smsd(settings: GammuSettings) -> dict[str, str]:
    return {
        "service": "sql",
        "driver": "sqlite3",
        "sql": "sqlite",
        # The driver joins both by itself, and wants the slash.
        "dbdir": f"{settings.database.absolute().parent}/",
        "database": settings.database.name,
        "phoneid": settings.phone_id,
        **({"pin": settings.pin} if settings.pin else {"checksecurity": "0"}),
        # No logfile: it would hold numbers and words, of statements that fail even where nothing else is logged (tried).
        "loopsleep": "1",
        "commtimeout": "1",
        "receivefrequency": "2",
        "sendtimeout": "30",
        "maxretries": "2",
        "retrytimeout": "60",
        # So that a silent modem is noticed; see GammuSettings.silent_after.
        "statusfrequency": "30",
        # SMSD waits for one unfinished long SMS after the other, which holds up the rest: Samleng waits instead.
        "multiparttimeout": "1",
        # "log" would leave the reports out of the tables. They may come days after, when a handset is switched on.
        "deliveryreport": "sms",
        "deliveryreportdelay": "259200",
        "hangupcalls": "1",
    }


def _lines(values: Mapping[str, str]) -> list[str]:
    return [f"{name} = {value.translate(_OWN_LINE)}" for name, value in values.items()]
