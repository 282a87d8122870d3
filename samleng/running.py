"""Running the parts: web, bots and worker together in one process, or each in its own, until asked to stop."""

import asyncio
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

from waitress.server import create_server

from handlers.context import Context
from handlers.places import find_places
from samleng.gateways import register_phones
from samleng.outside import Outside
from samleng.web import create_app
from samleng.wiring import Installation, utc_now
from understanding import read

log = logging.getLogger(__name__)
_ONE_OF_EACH = ("លុយអត់ទាន់ចូល", "ເງິນຍັງບໍ່ເຂົ້າ", "my money did not come", "luy ot tean chol", "ngern bo khao")
STOP_WITHIN_S = 15.0
_TELL_AGAIN_S = 30.0
_QUIET = ("alembic", "waitress", "apscheduler", "httpx", "httpcore", "telegram", "twilio", "aiohttp.access")


class CannotListen(Exception):
    """Why the web cannot be served where the configuration says; `remedy` says what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


def run(installation: Installation, *, web: bool, bots: bool, worker: bool, ready: Callable[[], None]) -> None:
    """Run the chosen parts until SIGTERM or SIGINT; `ready` is called once they have been started.

    Raises `CannotListen`, before anything was started.
    """
    _quiet_logs()
    server, stop = _server(installation) if web else None, threading.Event()
    parts = [*(_bot_parts(installation) if bots else ()), *(_worker_parts(installation) if worker else ())]
    threads = [threading.Thread(target=part, args=(stop,), name=name, daemon=True) for name, part in parts]
    if web and Outside(installation).called_bots():
        threads.append(threading.Thread(target=_tell_telegram, args=(installation, stop), name="webhooks", daemon=True))
    if web and Outside(installation).sms.phones():
        threads.append(threading.Thread(target=_tell_phones, args=(installation, stop), name="phones", daemon=True))
    threads.append(threading.Thread(target=warm_up, args=(installation.context,), name="warm-up", daemon=True))
    _on_signal(stop)
    for thread in threads:
        thread.start()
    ready()
    try:
        if server is not None:
            server.run()
        else:
            stop.wait()
    except (KeyboardInterrupt, SystemExit):
        log.info("stopping")
    finally:
        stop.set()
        installation.wake.notify()
        if server is not None:
            server.close()
        for thread in threads:
            thread.join(STOP_WITHIN_S)
        installation.close()


def warm_up(context: Context) -> None:
    """Load what the first message would have to wait for: lexicons, holidays, the index of places."""
    for text in _ONE_OF_EACH:
        read(text, prefixes=(context.settings.prefix,))
    now = utc_now()
    context.calendar.deadline(now, 1)
    with context.store.reading() as tx:
        find_places(context, tx, _ONE_OF_EACH[0], whole=True)


def _tell_telegram(installation: Installation, stop: threading.Event) -> None:
    """Tell Telegram where it may call the bots in webhook mode, until it has heard."""
    waiting = Outside(installation).called_bots()
    while waiting and not stop.is_set():
        waiting = [each for each in waiting if not asyncio.run(Outside(installation).register_webhook(each))]
        if waiting:
            stop.wait(_TELL_AGAIN_S)


def _tell_phones(installation: Installation, stop: threading.Event) -> None:
    """Tell Android phones where to bring messages, until they have heard; why one has not is logged."""
    gateways = Outside(installation).sms
    waiting = gateways.phones()
    while waiting and not stop.is_set():
        waiting = register_phones(gateways, waiting)
        if waiting:
            stop.wait(_TELL_AGAIN_S)


def _server(installation: Installation):  # type: ignore[no-untyped-def]  # noqa: ANN202
    settings = installation.config.web
    try:
        _check_free(settings.host, settings.port)
    except CannotListen:
        installation.close()
        raise
    return create_server(
        create_app(installation),
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )


def _check_free(host: str, port: int) -> None:
    """See that somebody may listen there. Raises `CannotListen`."""
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in places:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as fault:
        raise _cannot_listen(host, port, fault.errno) from fault


def _cannot_listen(host: str, port: int, number: int | None) -> CannotListen:
    match number:
        case errno.EADDRINUSE:
            return CannotListen(
                f"another program listens at {host} port {port} already",
                "end it (does Samleng run already?), or write another port under [web]",
            )
        case errno.EACCES:
            return CannotListen(
                f"this user may not listen at port {port}",
                "write a port above 1023 under [web], and put a reverse proxy before it",
            )
        case _:
            return CannotListen(
                f"this machine cannot listen at {host} port {port}",
                'write an address of its own as host under [web], or "127.0.0.1"',
            )


def _worker_parts(installation: Installation) -> list[tuple[str, Callable[[threading.Event], None]]]:
    """Return the worker's parts; modems are its too, since only where it runs can their outboxes be written."""
    installation.wake.start_listening()
    outside = Outside(installation)
    modems = [(f"modem-{name}", loop.run) for name, loop in outside.sms.loops(utc_now).items()]
    return [("dispatcher", outside.dispatcher().run), ("clock", outside.clock().run), *modems]


def _bot_parts(installation: Installation) -> list[tuple[str, Callable[[threading.Event], None]]]:
    return [(f"bot-{n}", poller.run) for n, poller in enumerate(Outside(installation).pollers(utc_now), start=1)]


def _on_signal(stop: threading.Event) -> None:
    def ended(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ended)


def _quiet_logs() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
