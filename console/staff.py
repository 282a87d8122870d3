"""The staff's pages under `/console/`: who is let in, what every answer carries, and what is not there for others."""

import logging
from collections.abc import Callable
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, send_from_directory, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException

from console import desk_pages, doors, gateway_pages, incident_pages, sensitive_pages, slip_pages
from console.pages import LANGUAGE_COOKIE, PATH, TOKEN_COOKIE, Site, shown
from domain.permissions import Permission, needs
from domain.reading import Language
from handlers.console import signing_in
from handlers.context import Context
from handlers.faults import where
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"
_FILES = frozenset({"console.css", "console.svg", "slip.css"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Forms need their origin told to our own site; nobody else is told anything.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_NEAR = frozenset({"same-origin", "none"})
_FIRST = {Permission.DESK_READ: "desk", Permission.HARM_READ: "sensitive", Permission.GATEWAYS_READ: "gateways"}
_MONTH_S = 30 * 24 * 3600
_MOST_FORM = 64 * 1024


def add_pages(app: Flask, context: Context, clock: Callable[[], datetime], *, https: bool) -> None:
    """Add the staff's pages to an application; `clock` gives aware UTC, `https` says that people reach it by https.

    What somebody may not see answers as a page that does not exist; whoever is not signed in is sent to sign in.
    """
    site = Site(context, clock, https)
    csrf = _protected(app, context, https=https)
    blueprint = Blueprint("console", __name__, url_prefix=PATH.rstrip("/"), template_folder="templates")
    blueprint.before_request(_guard(site, csrf))
    for part in (doors, desk_pages, incident_pages, sensitive_pages, slip_pages, gateway_pages):
        part.add_to(blueprint, site)
    _add_files(blueprint)
    _add_start(blueprint)
    blueprint.after_request(_with_headers)
    _add_refusals(blueprint, site)
    app.register_blueprint(blueprint)


def _protected(app: Flask, context: Context, *, https: bool) -> CSRFProtect:
    """Let forms bear a token of their own session, signed with a key that every process of the installation has."""
    app.config.update(
        SECRET_KEY=context.store.keys.fingerprint("console", "forms"),
        SESSION_COOKIE_NAME="samleng_forms",
        SESSION_COOKIE_PATH=PATH,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    return CSRFProtect(app)


def _guard(site: Site, csrf: CSRFProtect) -> Callable[[], Response | None]:
    def guarded() -> Response | None:
        g.signed, g.language = None, site.context.settings.default_language
        token = request.cookies.get(TOKEN_COOKIE)
        g.signed = signing_in.who(site.context, token, site.clock()) if token else None
        g.language = _language(site)
        if request.method in _CHANGES:
            request.max_content_length = _MOST_FORM
            if request.headers.get("Sec-Fetch-Site", "same-origin") not in _NEAR:
                abort(400)
            csrf.protect()
        view = current_app.view_functions[request.endpoint or ""]
        return _let_in(getattr(view, "permission", None))

    return guarded


def _let_in(needed: Permission | None) -> Response | None:
    """Let a request through, send it to sign in, or answer as though there were no page; a page without a rule is shut."""
    if needed is Permission.PUBLIC:
        return None
    if g.signed is None or (needed is not Permission.CONSOLE_SIGN_IN and not g.signed.session.second_factor):
        return redirect(url_for("console.sign_in"), 303)  # type: ignore[return-value]
    if needed is None or needed not in g.signed.permissions:
        abort(404)
    return None


def _language(site: Site) -> Language:
    """Return the chosen language, else that of whoever is signed in, else the project's."""
    for chosen in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in set(Language):
            return Language(chosen)
    return g.signed.language if g.signed else site.context.settings.default_language


def _add_files(blueprint: Blueprint) -> None:
    @blueprint.get("/static/<name>")
    @needs(Permission.PUBLIC)
    def file(name: str) -> Response:
        return send_from_directory(_STATIC, name, max_age=0) if name in _FILES else abort(404)

    @blueprint.get("/static/bootstrap.css")
    @needs(Permission.PUBLIC)
    def bootstrap() -> Response:
        with as_file(files("flask_bootstrap") / "static" / "bootstrap5" / "css") as folder:
            return send_from_directory(folder, "bootstrap.min.css", max_age=_MONTH_S)


def _add_start(blueprint: Blueprint) -> None:
    @blueprint.get("/")
    @needs(Permission.CONSOLE_USE)
    def start() -> Response:
        held = g.signed.permissions
        first = next((page for permission, page in _FIRST.items() if permission in held), "sessions")
        return redirect(url_for(f"console.{first}"), 303)  # type: ignore[return-value]

    @blueprint.route("/<path:rest>", methods=["GET", "POST"])
    @needs(Permission.CONSOLE_USE)
    def unknown(rest: str) -> Response:
        _ = rest
        abort(404)


def _with_headers(response: Response) -> Response:
    """Add what every answer carries; a file that may be kept, or has a stricter policy, keeps its own."""
    for name, value in _HEADERS.items():
        kept = name == "Content-Security-Policy" or (name == "Cache-Control" and response.cache_control.max_age)
        if not (kept and name in response.headers):
            response.headers[name] = value
    return response


def _add_refusals(blueprint: Blueprint, site: Site) -> None:
    def refused(fault: HTTPException) -> Response:
        if fault.response is not None:
            return fault.response  # type: ignore[return-value]
        code = fault.code or 500
        key = {400: "refused_form", 404: "refused_unknown", 413: "refused_large"}.get(code, "refused_fault")
        return shown(site, "refused.html", key=key, status=code)

    def away(_fault: DatabaseAway) -> Response:
        response = Response("Try again in a moment.\n", 503, mimetype="text/plain")
        response.headers["Retry-After"] = "2"
        return response

    def failed(fault: Exception) -> Response:
        log.error("a page failed: %s", where(fault))
        return shown(site, "refused.html", key="refused_fault", status=500)

    blueprint.register_error_handler(HTTPException, refused)
    blueprint.register_error_handler(DatabaseAway, away)
    blueprint.register_error_handler(Exception, failed)
