"""The web routes by which SMS providers bring messages and receipts: `/sms/<gateway>/receive` and `…/status`."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import MethodNotAllowed

from domain.inbound import Inbound
from domain.permissions import Permission, needs
from domain.ports import Receipt
from handlers.context import Context
from handlers.incoming import intake
from handlers.sending import gateway_alarms, receipts
from sms_gateway.gateway import ClockApart, Forbidden, Gateway, Malformed, WebRequest
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

MAX_BODY = 128 * 1024
"""The largest request that is read, in bytes: room for 10,000 characters of any script, each percent-encoded."""

_RETRY_AFTER_S = 5
_METHODS = ("GET", "POST")
_POST: frozenset[str] = frozenset({"POST"})
_STATUS_ANSWER = 204

Receive = Callable[[Context, Inbound, datetime], object]
TakeReceipt = Callable[[Context, Receipt, datetime], object]
TakeSign = Callable[[Context, str, datetime], object]


def create_blueprint(
    context: Context,
    gateways: Mapping[str, Gateway],
    clock: Callable[[], datetime],
    *,
    receive: Receive = intake.receive,
    take_receipt: TakeReceipt = receipts.take_receipt,
    take_sign: TakeSign = receipts.take_sign_of_life,
    tell_clock: TakeSign = gateway_alarms.tell_clock,
) -> Blueprint:
    """Return the routes of these gateways. `clock` gives aware UTC; the use cases are called with its time.

    A message or receipt is answered as stored only after it is. Unknown gateway 404, a method that the gateway does not
    take 405, wrong signature 403, a body over `MAX_BODY` 413, one that holds nothing to store 400, database away 503.
    """
    blueprint = Blueprint("sms_gateway", __name__, url_prefix="/sms")

    @blueprint.route("/<gateway>/receive", methods=_METHODS)
    @needs(Permission.PUBLIC)
    def receive_message(gateway: str) -> Response:
        port, now = _known(gateways, gateway), clock()
        with telling_of_clocks(port, now):
            inbound = port.receive(_web_request(), now)
        note_sign(port, now)
        receive(context, inbound, now)
        return Response(port.answer.body, mimetype=port.answer.content_type)

    @blueprint.route("/<gateway>/status", methods=_METHODS)
    @needs(Permission.PUBLIC)
    def receive_status(gateway: str) -> Response:
        port, now = _known(gateways, gateway), clock()
        with telling_of_clocks(port, now):
            receipt = port.status(_web_request(), now)
        note_sign(port, now)
        if receipt is not None:
            take_receipt(context, receipt, now)
        return Response(status=getattr(port, "status_answer", _STATUS_ANSWER))

    @contextmanager
    def telling_of_clocks(port: Gateway, now: datetime) -> Iterator[None]:
        try:
            yield
        except ClockApart:
            tell_clock(context, port.name, now)
            raise

    def note_sign(port: Gateway, now: datetime) -> None:
        if (pulse := getattr(port, "pulse", None)) is not None:
            take_sign(context, pulse, now)

    blueprint.register_error_handler(Forbidden, _forbidden)
    blueprint.register_error_handler(Malformed, _malformed)
    blueprint.register_error_handler(DatabaseAway, _away)
    return blueprint


def _known(gateways: Mapping[str, Gateway], name: str) -> Gateway:
    """Return a gateway that takes requests of this method."""
    port = gateways.get(name) or abort(404)
    methods = sorted(getattr(port, "methods", _POST))
    if request.method not in methods:
        raise MethodNotAllowed(valid_methods=methods)
    return port


def _web_request() -> WebRequest:
    request.max_content_length = MAX_BODY
    query = request.query_string.decode("latin-1")
    return WebRequest.of(
        request.method,
        quote(request.path) + (f"?{query}" if query else ""),
        headers=dict(request.headers.items()),
        body=request.get_data(cache=False),
    )


def _forbidden(fault: Exception) -> Response:
    log.warning("%s refused: %s", request.path, fault)
    return Response("forbidden\n", status=403, mimetype="text/plain")


def _malformed(fault: Exception) -> Response:
    log.warning("%s not understood: %s", request.path, fault)
    return Response(f"{fault}\n", status=400, mimetype="text/plain")


def _away(_fault: Exception) -> Response:
    headers = {"Retry-After": str(_RETRY_AFTER_S)}
    return Response("try again\n", status=503, headers=headers, mimetype="text/plain")
