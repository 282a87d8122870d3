"""The web: one Flask application on one port, put together from the rooms that serve webhooks and pages."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from werkzeug.exceptions import HTTPException

import bot.webhook
import console.calendar_feed
import console.phone
import console.staff
import sms_gateway.routes
from domain.permissions import Permission, needs
from handlers.context import Context
from handlers.faults import where
from samleng.gateways.health import GatewayFigures
from samleng.outside import Outside
from samleng.wiring import Installation, utc_now
from storage import schema
from storage.queries.persons import inbound
from storage.queries.sending import outbox
from storage.store import DatabaseAway

log = logging.getLogger(__name__)

MAX_BODY = 8 * 1024 * 1024
_RETRY_AFTER_S = 5


def create_app(installation: Installation, clock: Callable[[], datetime] = utc_now) -> Flask:
    """Return the application: webhooks, health, metrics, and the simulator where the configuration turns it on."""
    app = Flask("samleng", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    context, outside = installation.context, Outside(installation)
    called = outside.sms_gateways()
    app.register_blueprint(sms_gateway.routes.create_blueprint(context, called, clock))
    app.register_blueprint(bot.webhook.create_blueprint(context, outside.webhook_bots(), clock))
    console.staff.add_pages(app, context, clock, https=installation.config.public_url.startswith("https://"))
    app.register_blueprint(console.calendar_feed.create_blueprint(context, clock))
    if installation.config.phone.enabled:
        app.register_blueprint(console.phone.create_blueprint(context, clock))
    _tell_faults_plainly(app)
    _health(app, context, clock, [_Queues(context), GatewayFigures(outside.sms, called, clock)])
    return app


def _tell_faults_plainly(app: Flask) -> None:
    """Answer what no room answers itself; a fault is logged by its place, as its words may quote a person."""

    @app.errorhandler(DatabaseAway)
    def away(_fault: DatabaseAway) -> Response:
        return Response("try again\n", 503, {"Retry-After": str(_RETRY_AFTER_S)}, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def refused(fault: HTTPException) -> Response:
        headers = [(name, value) for name, value in fault.get_headers() if name != "Content-Type"]
        return Response(f"{fault.name}\n".lower(), fault.code, headers, mimetype="text/plain")

    @app.errorhandler(Exception)
    def failed(fault: Exception) -> Response:
        log.error("a request failed: %s", where(fault))
        return Response("internal server error\n", 500, mimetype="text/plain")


def _health(app: Flask, context: Context, clock: Callable[[], datetime], figures: Sequence[Collector]) -> None:
    registry = CollectorRegistry()
    for each in figures:
        registry.register(each)

    @app.get("/healthz")
    @needs(Permission.PUBLIC)
    def healthz() -> Response:
        """Tell that the process answers."""
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    @needs(Permission.PUBLIC)
    def readyz() -> tuple[Response, int]:
        """Tell whether the database answers, has every migration, and how long the oldest reply waits."""
        state = readiness(context, clock())
        good = state["database"] and state["migrations"]
        return jsonify(state), 200 if good else 503

    @app.get("/metrics")
    @needs(Permission.PUBLIC)
    def metrics() -> Response:
        """Give the figures that a monitoring system reads; nothing in them tells of one case or person."""
        return Response(generate_latest(registry), mimetype="text/plain")


def readiness(context: Context, now: datetime) -> dict[str, bool | float | None]:
    """Return whether the installation can work: `database`, `migrations`, and `outbox_oldest_s` in seconds."""
    try:
        migrated = schema.is_current(context.store)
        if not migrated:
            return {"database": True, "migrations": False, "outbox_oldest_s": None}
        with context.store.reading() as tx:
            oldest = outbox.oldest_due(tx, now)
    except DatabaseAway:
        return {"database": False, "migrations": False, "outbox_oldest_s": None}
    waited = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return {"database": True, "migrations": True, "outbox_oldest_s": round(waited, 3)}


class _Queues(Collector):
    """Reads the queues' lengths when somebody asks for the metrics."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def describe(self) -> list[GaugeMetricFamily]:
        """Name the figures without asking the database."""
        return [_outbox_family(), _inbound_family()]

    def collect(self) -> list[GaugeMetricFamily]:
        """Return what waits in the outbox by gateway and lane, and in the intake."""
        waiting, came_in = _outbox_family(), _inbound_family()
        with self._context.store.reading() as tx:
            for (gateway, lane), items in outbox.waiting(tx).items():
                waiting.add_metric([gateway, lane], items)
            came_in.add_metric([], inbound.count_waiting(tx))
        return [waiting, came_in]


def _outbox_family() -> GaugeMetricFamily:
    return GaugeMetricFamily("samleng_outbox_waiting", "Messages waiting to be handed over", labels=["gateway", "lane"])


def _inbound_family() -> GaugeMetricFamily:
    return GaugeMetricFamily("samleng_inbound_waiting", "Stored messages not processed yet")
