"""The pages by which staff come in: setting the password, signing in, one-time codes, one's own sessions, going out."""

import contextlib
import io
from ipaddress import ip_address
from typing import Any

import segno
from flask import Blueprint, Response, abort, g, redirect, request, session, url_for

from console.pages import DEVICE_COOKIE, TOKEN_COOKIE, Site, shown, signed, words_of
from domain.permissions import Permission, needs
from handlers.console import accounts, signing_in
from handlers.console.accounts import AccountFault
from handlers.console.acting import Told
from handlers.console.credentials import LEAST_CHARACTERS, MOST_CHARACTERS
from handlers.console.signing_in import Caller

_MOST_NAME, _MOST_CODE = 64, 24
_DEVICE_DAYS = 180


def add_to(blueprint: Blueprint, site: Site) -> None:
    """Add the pages."""
    _add_password(blueprint, site)
    _add_sign_in(blueprint, site)
    _add_second_factor(blueprint, site)
    _add_setup(blueprint, site)
    _add_sessions(blueprint, site)


def _add_password(blueprint: Blueprint, site: Site) -> None:
    @blueprint.route("/password/<token>", methods=["GET", "POST"])
    @needs(Permission.PUBLIC)
    def password(token: str) -> Response:
        username = accounts.username_of(site.context, token, site.clock())
        if username is None:
            return shown(site, "refused.html", key="refused_link", status=404)
        fault = _set_password(site, token) if request.method == "POST" else None
        if request.method == "POST" and fault is None:
            return _to("sign_in", said="page_password_set")
        return _password_page(site, "password.html", fault, username=username)

    @blueprint.route("/my-password", methods=["GET", "POST"])
    @needs(Permission.CONSOLE_USE)
    def my_password() -> Response:
        if request.method == "GET":
            return _password_page(site, "my_password.html", None)
        fault = _change_password(site)
        if fault is None:
            return _signed_out(site, said="page_password_set")
        return _password_page(site, "my_password.html", fault)


def _set_password(site: Site, token: str) -> str | None:
    """Set the password that was sent, or return what is wrong with it."""
    chosen = request.form.get("password", "")
    if chosen != request.form.get("again", ""):
        return "password_differs"
    try:
        done = accounts.set_password(site.context, token, chosen, site.clock())
    except AccountFault as fault:
        return str(fault)
    return None if done else "refused_link"


def _change_password(site: Site) -> str | None:
    old, chosen = request.form.get("old", ""), request.form.get("password", "")
    if chosen != request.form.get("again", ""):
        return "password_differs"
    try:
        done = accounts.change_password(site.context, signed(), old, chosen, site.clock())
    except AccountFault as fault:
        return str(fault)
    return None if done else "sign_in_wrong"


def _password_page(site: Site, template: str, fault: str | None, **values: Any) -> Response:
    least, most = LEAST_CHARACTERS, MOST_CHARACTERS
    return shown(site, template, fault=fault, least=least, most=most, status=422 if fault else 200, **values)


def _add_sign_in(blueprint: Blueprint, site: Site) -> None:
    @blueprint.get("/sign-in")
    @needs(Permission.PUBLIC)
    def sign_in() -> Response:
        said = session.pop("said", None)
        return shown(site, "sign_in.html", told=[Told(said, "")] if said else [], wrong=False)

    @blueprint.post("/sign-in")
    @needs(Permission.PUBLIC)
    def password_given() -> Response:
        name, given = words_of("username", most=_MOST_NAME), request.form.get("password", "")
        token = signing_in.begin(site.context, name, given, caller=_caller(), now=site.clock())
        if token is None:
            return shown(site, "sign_in.html", wrong=True, status=403)
        session.clear()
        return _with_token(site, _to("second_factor"), token)

    @blueprint.post("/sign-out")
    @needs(Permission.CONSOLE_SIGN_IN)
    def sign_out() -> Response:
        signing_in.sign_out(site.context, signed(), site.clock())
        return _signed_out(site)


def _add_second_factor(blueprint: Blueprint, site: Site) -> None:
    @blueprint.get("/second-factor")
    @needs(Permission.CONSOLE_SIGN_IN)
    def second_factor() -> Response:
        if g.signed.session.second_factor:
            return _to("start")
        if not signing_in.second_factor_is_set(site.context, signed()):
            return _to("set_up")
        return shown(site, "second_factor.html", wrong=False)

    @blueprint.post("/second-factor")
    @needs(Permission.CONSOLE_SIGN_IN)
    def code_given() -> Response:
        if g.signed.session.second_factor:
            return _to("start")
        code = words_of("code", most=_MOST_CODE)
        token = signing_in.finish(site.context, signed(), code, caller=_caller(), now=site.clock())
        if token is None:
            return shown(site, "second_factor.html", wrong=True, status=403)
        return _come_in(site, _to("start"), token)


def _add_setup(blueprint: Blueprint, site: Site) -> None:
    @blueprint.get("/set-up")
    @needs(Permission.CONSOLE_SIGN_IN)
    def set_up() -> Response:
        found = accounts.setup_secret(site.context, signed())
        return _to("start") if found is None else _set_up_page(site, found[0], wrong=False)

    @blueprint.post("/set-up")
    @needs(Permission.CONSOLE_SIGN_IN)
    def first_code_given() -> Response:
        found = accounts.setup_secret(site.context, signed())
        if found is None:
            return _to("start")
        done = accounts.confirm_setup(site.context, signed(), words_of("code", most=_MOST_CODE), site.clock())
        if done is None:
            return _set_up_page(site, found[0], wrong=True)
        token, codes = done
        return _come_in(site, shown(site, "recovery.html", codes=codes), token)

    @blueprint.get("/set-up/qr.svg")
    @needs(Permission.CONSOLE_SIGN_IN)
    def picture() -> Response:
        found = accounts.setup_secret(site.context, signed())
        if found is None:
            abort(404)
        drawn = io.BytesIO()
        segno.make(found[1], micro=False).save(drawn, kind="svg", scale=6, border=4, light="#fff")
        response = Response(drawn.getvalue(), mimetype="image/svg+xml")
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return response


def _set_up_page(site: Site, secret: str, *, wrong: bool) -> Response:
    groups = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return shown(site, "set_up.html", secret=groups, wrong=wrong, status=422 if wrong else 200)


def _add_sessions(blueprint: Blueprint, site: Site) -> None:
    @blueprint.get("/sessions")
    @needs(Permission.CONSOLE_USE)
    def sessions() -> Response:
        return _sessions_page(site)

    @blueprint.post("/sessions")
    @needs(Permission.CONSOLE_USE)
    def end_sessions() -> Response:
        signing_in.end_sessions(site.context, signed(), site.clock())
        return _sessions_page(site, Told("page_sessions_ended", ""))

    @blueprint.post("/recovery")
    @needs(Permission.CONSOLE_USE)
    def renew_recovery() -> Response:
        code = words_of("code", most=_MOST_CODE)
        codes = signing_in.renew_recovery(site.context, signed(), code, caller=_caller(), now=site.clock())
        return _sessions_page(site, wrong=True) if codes is None else shown(site, "recovery.html", codes=codes)


def _sessions_page(site: Site, *told: Told, wrong: bool = False) -> Response:
    found = signing_in.sessions(site.context, signed(), site.clock())
    left, status = signing_in.recovery_left(site.context, signed()), 403 if wrong else 200
    return shown(site, "sessions.html", told=told, sessions=found, left=left, wrong=wrong, status=status)


def _signed_out(site: Site, said: str = "page_signed_out") -> Response:
    session.clear()
    return _with_token(site, _to("sign_in", said=said), "")


def _to(page: str, said: str | None = None) -> Response:
    if said is not None:
        session["said"] = said
    return redirect(url_for(f"console.{page}"), 303)  # type: ignore[return-value]


def _come_in(site: Site, response: Response, token: str) -> Response:
    """Give the whole session to the browser, and the mark by which this device is known again."""
    session.clear()
    site.cookie(response, DEVICE_COOKIE, signing_in.device_mark(site.context, signed()), days=_DEVICE_DAYS)
    return _with_token(site, response, token)


def _with_token(site: Site, response: Response, token: str) -> Response:
    site.cookie(response, TOKEN_COOKIE, token)
    return response


def _caller() -> Caller:
    """Return from where a request comes. What comes from this machine comes by a proxy, and stands for everybody."""
    address = request.remote_addr or ""
    with contextlib.suppress(ValueError):
        address = "" if ip_address(address).is_loopback else address
    return Caller(address, request.cookies.get(DEVICE_COOKIE, ""))
