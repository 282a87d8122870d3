"""A complete `kannel.conf` for one operator's SMPP account, which fits the settings of a Kannel gateway."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sms_gateway.kannel.gateway import KannelSettings


@dataclass(frozen=True, slots=True)
class SmppAccount:
    """What the operator gives: the address of its SMSC, the account, and how many messages a second it takes."""

    host: str = "smpp.operator.example"
    port: int = 2775
    username: str = "ACCOUNT"
    password: str = field(default="PASSWORD", repr=False)
    system_type: str = ""
    throughput: float = 10.0


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where bearerbox and smsbox keep what they have and listen to one another, all on 127.0.0.1.

    `spool` must exist with a folder `dlr` in it, belong to the user `kannel`, and be readable by nobody else: the texts
    that wait lie there as they are. `queue` is how many messages wait at most while the account is away; what is above
    is refused, and stays in our outbox, where replies go before reminders. `retry_delay` (seconds) and `retries`
    say how long smsbox brings a message again while this application does not answer.
    """

    spool: str = "/var/spool/kannel"
    logs: str = "/var/log/kannel"
    admin_port: int = 13000
    box_port: int = 13001
    admin_password: str = field(default="CHANGE-ME", repr=False)
    queue: int = 100
    retry_delay: int = 3
    retries: int = 100_000


def example_configuration(
    settings: KannelSettings, account: SmppAccount | None = None, boxes: Boxes | None = None
) -> str:
    """Return the text of a `kannel.conf` for these settings. It holds passwords: owner kannel, mode 0400.

    smsbox listens at the port of `settings.base_url`. Raises `ValueError` where a value holds what the format cannot.
    """
    account, boxes = account or SmppAccount(), boxes or Boxes()
    smsc_id = settings.smsc_id or "operator"
    groups = (
        _core(boxes),
        smpp_group(smsc_id, account),
        _smsbox(settings, boxes),
        _sendsms_user(settings),
        _service(settings),
    )
    return "\n".join(groups)


def smpp_group(smsc_id: str, account: SmppAccount) -> str:
    """Return the group of an operator's account."""
    return f"""\
# The operator's account. Ask the operator for host, port, name, password, system type and messages a second.
group = smsc
smsc = smpp
smsc-id = {smsc_id}
host = {_quoted(account.host)}
port = {account.port}
smsc-username = {_quoted(account.username)}
smsc-password = {_quoted(account.password)}
system-type = {_quoted(account.system_type)}
interface-version = 34
# One connection for both ways. Where the operator wants two: transceiver-mode = false and receive-port = PORT.
transceiver-mode = true
throughput = {account.throughput:g}
reconnect-delay = 10
enquire-link-interval = 30
# Receipts that name a message by a hexadecimal number where the operator's answer had a decimal one, or the reverse,
# find no message: then set msg-id-type (0x01, 0x02 or 0x03; Kannel's guide).
# msg-id-type = 0x00
"""


def _core(boxes: Boxes) -> str:
    return f"""\
# bearerbox: queues, the operator's account, delivery reports. Everything listens on this machine only.
group = core
admin-port = {boxes.admin_port}
admin-interface = 127.0.0.1
admin-password = {_quoted(boxes.admin_password)}
status-password = {_quoted(boxes.admin_password)}
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = {boxes.box_port}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = {_quoted(f"{boxes.logs}/bearerbox.log")}
# 2 is warnings. Below it numbers and texts are written to the log. No access-log: it holds them too.
log-level = 2
# What smsbox was told that it is accepted is in these files, and so are the reports that are still expected.
store-type = file
store-location = {_quoted(f"{boxes.spool}/store")}
dlr-storage = spool
dlr-spool = {_quoted(f"{boxes.spool}/dlr")}
sms-outgoing-queue-limit = {boxes.queue}
# What the operator refuses for the moment is tried for an hour.
sms-resend-freq = 30
sms-resend-retry = 120
# A long message arrives whole; without a part that is lost, the rest after five minutes.
sms-combine-concatenated-mo = true
sms-combine-concatenated-mo-timeout = 300
"""


def _smsbox(settings: KannelSettings, boxes: Boxes) -> str:
    port = urlsplit(settings.base_url).port or 13013
    return f"""\
# smsbox: between bearerbox and this application.
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes.box_port}
sendsms-port = {port}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
log-file = {_quoted(f"{boxes.logs}/smsbox.log")}
log-level = 2
# UCS-2 is brought as it came. With true, smsbox drops all of a text that follows half an emoji.
mo-recode = false
# While this application does not answer with 200, a message is brought again; smsbox drops it when these are over.
http-request-retry = {boxes.retries}
http-queue-delay = {boxes.retry_delay}
http-timeout = 30
max-pending-requests = 64
"""


def _sendsms_user(settings: KannelSettings) -> str:
    return f"""\
# What this application logs in with to send.
group = sendsms-user
username = {_quoted(settings.username)}
password = {_quoted(settings.password)}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
# Long texts are cut into so many parts at most, which phones join again; what is longer would be lost.
concatenation = true
max-messages = {settings.max_parts}
"""


def _service(settings: KannelSettings) -> str:
    return f"""\
# Every message goes to this application; smsbox answers nothing by itself (max-messages = 0).
group = sms-service
keyword = default
catch-all = true
get-url = "{settings.receive_url()}"
max-messages = 0
omit-empty = true
accept-x-kannel-headers = true
"""


def _quoted(value: str) -> str:
    if not value.isprintable() or not value.isascii() or '"' in value or "\\" in value:
        raise ValueError('a value of kannel.conf holds ", \\ or a letter outside ASCII: choose another')
    return f'"{value}"'
