"""Missed calls by a modem: the hook with which SMSD tells them to our web route, and what such a request means."""

import hmac
import re
import shlex
from datetime import datetime
from hashlib import sha256

from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import Receipt
from sms_gateway.addresses import e164
from sms_gateway.gammu.settings import GammuSettings
from sms_gateway.gateway import Answer, Forbidden, WebRequest

SECRET_HEADER = "x-samleng-secret"  # noqa: S105
"""The header that carries `GammuSettings.call_secret`."""

_CALL_ID = re.compile(r"[0-9]+-[0-9]+")


class GammuCalls:
    """The web side of one modem, by which only calls come: SMS are read from SMSD's tables."""

    channel: Channel = Channel.SMS
    answer = Answer("", "text/plain")

    def __init__(self, settings: GammuSettings) -> None:
        self.name = settings.name
        self._settings = settings

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        """Return the call that the hook tells of. Raises `Forbidden` for a missing or wrong secret."""
        self._check_secret(request)
        number = e164(request.field_of("number").replace("\x00", "\ufffd"), self._settings.country)
        call_id = request.field_of("id")
        known = call_id if _CALL_ID.fullmatch(call_id) else sha256(request.body).hexdigest()
        return Inbound(
            gateway=self.name,
            channel=Channel.SMS,
            provider_id=f"call:{known}",
            address=number,
            kind=InboundKind.CALL,
            received_at=now,
        )

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:  # noqa: ARG002
        """Raise `Forbidden`: SMSD's receipts are read from its tables."""
        raise Forbidden("receipts do not come by this way")

    def _check_secret(self, request: WebRequest) -> None:
        secret, given = self._settings.call_secret, request.headers.get(SECRET_HEADER, "")
        if not secret or not hmac.compare_digest(secret.encode(), given.encode()):
            raise Forbidden("wrong secret" if secret else "no call_secret is configured")


def incoming_call_hook(url: str, header_file: str) -> str:
    """Return the shell script for SMSD's `RunOnIncomingCall`, which posts a caller's number to `url`.

    `header_file` holds the line `X-Samleng-Secret: …`, readable by SMSD's user alone: on a command line everybody could
    read the secret. The script returns at once, since SMSD neither sends nor receives while it runs, and tries again for
    a minute with the same id.
    """
    return (
        "#!/bin/sh\n"
        "# Tells Samleng of a call that SMSD hung up; the caller's number is the first argument.\n"
        'call="$(date +%s)-$$"\n'
        "curl --silent --fail --max-time 10 --retry 6 --retry-connrefused "
        f"--header {shlex.quote('@' + header_file)} "
        '--data-urlencode "number=$1" --data "id=$call" '
        f"{shlex.quote(url)} </dev/null >/dev/null 2>&1 &\n"
    )
