"""The web front of SMS gateways in tests: the real routes, with stand-ins where the use cases begin."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from domain.inbound import Inbound
from domain.ports import Receipt
from sms_gateway import Gateway, create_blueprint
from storage.store import DatabaseAway
from tests.contract.sms_gateway_case import Call

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


class Front:
    """The routes of some gateways, and what they passed on. With `away`, the database is."""

    def __init__(self, *gateways: Gateway) -> None:
        self.away = False
        self.received: list[Inbound] = []
        self.receipts: list[Receipt] = []
        self.signs: list[str] = []
        self.clocks: list[str] = []
        self.app = Flask("front")
        by_name = {each.name: each for each in gateways}
        context: Any = object()
        self.app.register_blueprint(
            create_blueprint(
                context,
                by_name,
                lambda: NOW,
                receive=self._keep(self.received),
                take_receipt=self._keep(self.receipts),
                take_sign=self._keep(self.signs),
                tell_clock=self._keep(self.clocks),
            )
        )

    def post(self, call: Call, path: str | None = None) -> TestResponse:
        client, headers = self.app.test_client(), dict(call.headers)
        return client.open(path or call.path, method=call.method, data=call.body, headers=headers)

    def _keep(self, kept: list[Any]) -> Any:
        def keep(_context: object, value: object, now: datetime) -> None:
            assert now == NOW
            if self.away:
                raise DatabaseAway("OperationalError")
            kept.append(value)

        return keep
