"""The route of the calendars that officers subscribe to; whoever has the address may read, so the address is the secret."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, request

from domain.permissions import Permission, needs
from handlers.context import Context
from handlers.staffing.calendar_feed import feed


def create_blueprint(context: Context, clock: Callable[[], datetime]) -> Blueprint:
    """Return the route `/calendar/<token>.ics`; public, as a calendar program signs in nowhere."""
    routes = Blueprint("calendar", __name__)

    @routes.get("/calendar/<token>.ics")
    @needs(Permission.PUBLIC)
    def calendar(token: str) -> Response:
        """Give the calendar of a token, or nothing of it where the program has it already."""
        made = feed(context, token, clock(), area_code=request.args.get("area"))
        if made is None:
            abort(404)
        answer = Response(made, content_type="text/calendar; charset=utf-8")
        answer.set_etag(hashlib.sha256(made).hexdigest()[:32])
        answer.cache_control.private = True
        answer.cache_control.max_age = 3600
        answer.headers["X-Robots-Tag"] = "noindex"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.make_conditional(request)
        return answer

    return routes
