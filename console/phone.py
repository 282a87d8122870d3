"""The web routes of the phone simulator: the page with two phones at `/phone/`, and the JSON that it speaks."""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, send_from_directory
from werkzeug.exceptions import HTTPException

from domain.inbound import Channel
from domain.permissions import Permission, needs
from handlers import simulator
from handlers.context import Context
from handlers.simulator import Line, Unfit
from storage.store import DatabaseAway

MAX_BODY = 64 * 1024
"""The largest request that is read, in bytes."""
TOKEN_HEADER, TOKEN_COOKIE = "X-Phone-Token", "samleng_phone"
"""What the page sends back with every change, and the cookie that it must equal."""

_STATIC = Path(__file__).parent / "static"
_FILES = frozenset(
    {"bubbles.js", "handset.js", "phone.css", "phone.js", "phone.svg", "sample-photo.png", "segments.js", "words.js"}
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_RETRY_AFTER_S = 2


def create_blueprint(context: Context, clock: Callable[[], datetime]) -> Blueprint:
    """Return the simulator's routes; whoever registers them lets everybody who reaches them play every phone.

    `clock` gives aware UTC. What cannot be is answered 400 with `field` and `error`, a change that does not come from
    the page 403, a body over `MAX_BODY` 413, database away 503.
    """
    blueprint = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates")
    _add_page(blueprint, context)
    _add_reading(blueprint, context, clock)
    _add_changes(blueprint, context, clock)
    blueprint.after_request(_guarded)
    blueprint.register_error_handler(Unfit, _unfit)
    blueprint.register_error_handler(HTTPException, _refused)
    blueprint.register_error_handler(DatabaseAway, _away)
    return blueprint


def _add_page(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get("/")
    @needs(Permission.PUBLIC)
    def page() -> Response:
        token = request.cookies.get(TOKEN_COOKIE, "")
        if not _TOKEN.fullmatch(token):
            token = secrets.token_urlsafe(24)
        settings = context.settings
        words = render_template("phone.html", token=token, project=settings.name, language=settings.default_language)
        response = make_response(words)
        response.set_cookie(
            TOKEN_COOKIE, token, path="/phone/", httponly=True, samesite="Strict", secure=request.is_secure
        )
        return response

    @blueprint.get("/static/<name>")
    @needs(Permission.PUBLIC)
    def file(name: str) -> Response:
        return send_from_directory(_STATIC, name, max_age=0) if name in _FILES else abort(404)


def _add_reading(blueprint: Blueprint, context: Context, clock: Callable[[], datetime]) -> None:
    @blueprint.get("/api/people")
    @needs(Permission.PUBLIC)
    def people() -> Response:
        return jsonify(asdict(simulator.people(context)))

    @blueprint.get("/api/messages")
    @needs(Permission.PUBLIC)
    def messages() -> Response:
        after = request.args.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) <= 18):
            raise Unfit("after", "a message's number, or 0")
        now = clock()
        found = simulator.conversation(context, _line(request.args), after_id=int(after), now=now)
        bubbles = [{**asdict(each), "at": each.at.isoformat(timespec="minutes")} for each in found.bubbles]
        shown = context.calendar.local(now).isoformat(timespec="minutes")
        return jsonify(bubbles=bubbles, more=found.more, with_staff=found.with_staff, now=shown)


def _add_changes(blueprint: Blueprint, context: Context, clock: Callable[[], datetime]) -> None:
    @blueprint.post("/api/officers/<int:staff_id>")
    @needs(Permission.PUBLIC)
    def officer(staff_id: int) -> Response:
        _come_from_the_page()
        return jsonify(lines=[asdict(each) for each in simulator.lines_of(context, staff_id, clock())])

    @blueprint.post("/api/send")
    @needs(Permission.PUBLIC)
    def send() -> Response:
        _come_from_the_page()
        request.max_content_length = MAX_BODY
        body = request.get_json()
        if not isinstance(body, dict):
            raise Unfit("body", "a JSON object")
        return jsonify(ref=_send(context, body, clock()))


def _send(context: Context, body: Mapping[str, Any], now: datetime) -> str:
    line, kind = _line(body), _string(body, "kind")
    match kind:
        case "text":
            text, answered, language = _string(body, "text"), _number(body, "reply_to"), _language(body)
            return simulator.send_text(context, line, text, now, reply_to=answered, language=language)
        case "tap":
            bubble = _number(body, "reply_to")
            if bubble is None:
                raise Unfit("reply_to", "the number of the message that has the button")
            return simulator.tap(context, line, bubble, _string(body, "data"), now)
        case "contact":
            return simulator.share_contact(context, line, now)
        case "photo":
            return simulator.send_photo(context, line, now)
        case _:
            raise Unfit("kind", "text, tap, contact or photo")


def _line(values: Mapping[str, Any]) -> Line:
    channel, address = _string(values, "channel"), _string(values, "address")
    if channel not in set(Channel):
        raise Unfit("channel", "sms or telegram")
    return Line(Channel(channel), address)


def _string(values: Mapping[str, Any], field: str) -> str:
    value = values.get(field)
    if not isinstance(value, str):
        raise Unfit(field, "is missing, or not a string")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise Unfit(field, "holds what is no character")
    return value


def _number(values: Mapping[str, Any], field: str) -> int | None:
    value = values.get(field)
    if value is not None and (type(value) is not int or not 0 < value < 1 << 62):
        raise Unfit(field, "the number of a message")
    return value


def _language(values: Mapping[str, Any]) -> str | None:
    return _string(values, "language")[:2] if values.get("language") is not None else None


def _come_from_the_page() -> None:
    """Refuse a change that another site has the browser make: the origin is ours, and the page's token is there."""
    cookie, sent = request.cookies.get(TOKEN_COOKIE, ""), request.headers.get(TOKEN_HEADER, "")
    ours = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    near = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    known = _TOKEN.fullmatch(cookie) and hmac.compare_digest(cookie.encode(), sent.encode())
    if not (ours and near and known):
        abort(403, "load the page again")


def _guarded(response: Response) -> Response:
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _unfit(fault: Unfit) -> tuple[Response, int]:
    return jsonify(field=fault.field, error=str(fault)), 400


def _refused(fault: HTTPException) -> tuple[Response, int]:
    return jsonify(field=None, error=fault.description), fault.code or 500


def _away(_fault: Exception) -> tuple[Response, int, dict[str, str]]:
    return jsonify(field=None, error="try again"), 503, {"Retry-After": str(_RETRY_AFTER_S)}
