"""A Bot API server on a free port of this machine: what a bot sends is recorded, what a person sends is pushed."""

import asyncio
import copy
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator
from lo_bot_api_emulator.updates import UpdateError, UpdateQueues

TOKEN = "123456:" + "A" * 35

_ALSO_TAKEN = frozenset({"protect_content", "link_preview_options"})
_TEXTS = frozenset({"text", "description", "callback_query_id", "secret_token", "url"})
_ALSO_KNOWN = frozenset({"leaveChat", "setMyDescription", "setMyShortDescription"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot: its fields as JSON values, and what it was answered (None for a refusal)."""

    method: str
    fields: dict[str, Any]
    result: Any = None


class TelegramEmulator:
    """The test's hand on a running emulator; every method may be called from any thread."""

    def __init__(self, server: "_Server", loop: asyncio.AbstractEventLoop, base_url: str) -> None:
        self._server, self._loop, self.base_url = server, loop, base_url
        self.token = TOKEN

    @property
    def sent(self) -> list[Call]:
        """Return all recorded calls so far, the oldest first."""
        with self._server.changed:
            return list(self._server.calls)

    def sent_by(self, method: str) -> list[Call]:
        """Return the recorded calls of one method."""
        return [call for call in self.sent if call.method == method]

    def push(self, update: dict[str, Any], token: str = TOKEN) -> int:
        """Queue one update, as Telegram would bring it, and return its `update_id`."""
        waiting = asyncio.run_coroutine_threadsafe(self._server.enqueue_update(update, token=token), self._loop)
        return int(waiting.result(10))

    def wait_for(
        self, method: str, timeout: float = 10.0, *, where: Callable[[Call], bool] = lambda _: True, count: int = 1
    ) -> Call:
        """Wait for the count-th call of a method that meets `where` and return it. Raises `TimeoutError`."""

        def found() -> list[Call]:
            return [call for call in self._server.calls if call.method == method and where(call)]

        with self._server.changed:
            if not self._server.changed.wait_for(lambda: len(found()) >= count, timeout):
                raise TimeoutError(f"no {method} within {timeout} s")
            return found()[count - 1]

    def fail_next(
        self, method: str, status: int, description: str | None = None, *, retry_after: int | None = None
    ) -> None:
        """Refuse the next call of a method: 400, 403 (blocked), 429 with `retry_after` seconds, 500 …"""
        said = description or _DESCRIPTIONS.get(status, "Internal Server Error")
        parameters = None if retry_after is None else {"retry_after": retry_after}
        self._server.failures.setdefault(method, []).append(ApiRefusal(said, status, parameters))

    def fail_after(
        self, method: str, good: int, status: int, description: str | None = None, *, retry_after: int | None = None
    ) -> None:
        """Refuse one call of a method after so many good ones."""
        self._server.failures.setdefault(method, []).extend([0] * good)
        self.fail_next(method, status, description, retry_after=retry_after)

    def drop_next(self, method: str) -> None:
        """Take the next call of a method and close the connection without an answer."""
        self._server.failures.setdefault(method, []).append(None)

    def garble_next(self, method: str, status: int) -> None:
        """Answer the next call of a method with a page that is no JSON, as a proxy in between would."""
        self._server.failures.setdefault(method, []).append(status)

    def upload(self, kind: str, data: bytes, *, stated: bool = True) -> dict[str, Any]:
        """Keep a file of a person and return what stands in the message for it; `stated` gives its size along."""
        reference = f"{kind}-{len(self._server.assets) + 1}"
        self._server.assets[reference] = {"filename": kind, "data": data, "size": len(data)}
        held: dict[str, Any] = {"file_id": reference, "file_unique_id": f"{reference}-unique"}
        held |= {"width": 90, "height": 67} if kind == "photo" else {"duration": 2, "mime_type": "audio/ogg"}
        if stated:
            return held | {"file_size": len(data)}
        self._server.unstated.add(reference)
        return held

    def keep_locally(self, folder: Path) -> None:
        """Name files as a server that runs with --local does: by their place in a folder; they are put there."""
        self._server.local = folder
        for reference, asset in self._server.assets.items():
            (folder / reference).write_bytes(asset["data"])

    def forget(self, file_id: str) -> None:
        """Lose a file's bytes, though its id is still known."""
        self._server.lost.add(file_id)


@contextmanager
def running_emulator() -> Iterator[TelegramEmulator]:
    """Run an emulator in a thread of its own; thread, loop and port are given back at the end."""
    started: list[tuple[_Server, asyncio.AbstractEventLoop, str, asyncio.Event]] = []
    ready = threading.Event()

    async def serve() -> None:
        server, done = _Server(), asyncio.Event()
        runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            started.append((server, asyncio.get_running_loop(), f"http://{host}:{port}", done))
            ready.set()
            await done.wait()
        finally:
            await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="telegram-emulator")
    thread.start()
    if not ready.wait(10):
        raise TimeoutError("the emulator does not start")
    server, loop, base_url, done = started[0]
    try:
        yield TelegramEmulator(server, loop, base_url)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        assert not thread.is_alive()


_DESCRIPTIONS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests: retry after 1",
}


class _Server(LoBotApiEmulator):
    """The emulator with what it lacks: a memory of what was sent, a username, today's date, newer fields, failures."""

    def __init__(self) -> None:
        super().__init__(enable_control=True, allow_insecure_loopback_webhooks=True)
        self._update_queues = _Queues(record=self._record, insecure_webhooks=True)
        self.calls: list[Call] = []
        self.changed = threading.Condition()
        # A refusal, a page's status, None for a lost connection, 0 for an answer as usual.
        self.failures: dict[str, list[ApiRefusal | int | None]] = {}
        self.local: Path | None = None
        self.unstated: set[str] = set()
        self.lost: set[str] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        planned = self.failures.get(method)
        if not planned or isinstance(planned[0], ApiRefusal) or planned[0] == 0:
            return await super().handle(request)
        status = planned.pop(0)
        self._remember(method, (await self.read_request(request))[0])
        if status is None:
            assert request.transport is not None
            request.transport.close()
        return web.Response(status=status or 500, text="<html>not for you</html>")

    async def download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["path"] in self.lost:
            raise web.HTTPNotFound
        return await super().download(request)

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        planned = self.failures.get(method)
        if planned and planned[0] == 0:
            planned.pop(0)
        elif planned:
            self._remember(method, fields)
            refusal = planned.pop(0)
            assert isinstance(refusal, ApiRefusal)
            raise refusal
        known = {name: value for name, value in fields.items() if name not in _ALSO_TAKEN}
        try:
            result = True if method in _ALSO_KNOWN else self._mended(method, super().validate(method, known, uploads))
        except ApiRefusal:
            self._remember(method, fields)
            raise
        self._remember(method, fields, result)
        return result

    def _mended(self, method: str, result: Any) -> Any:
        if not isinstance(result, dict):
            return result
        if method == "getMe":
            return {**result, "username": "samleng_bot"}
        if method == "getFile" and self.local is not None:
            result = {**result, "file_path": str(self.local / result["file_path"])}
        if method == "getFile" and result["file_id"] not in self.unstated:
            return {**result, "file_size": self.assets[result["file_id"]]["size"]}
        return {**result, "date": int(time.time())} if "date" in result else result

    def _remember(self, method: str, fields: dict[str, Any], result: Any = None) -> None:
        with self.changed:
            self.calls.append(Call(method, {name: _value(name, value) for name, value in fields.items()}, result))
            self.changed.notify_all()


class _Queues(UpdateQueues):
    """Queues that take every kind of update, with a given or the next `update_id`."""

    async def enqueue(self, token: str, update: dict[str, Any]) -> int:
        state = self._state(token)
        async with state.condition:
            update_id = update.get("update_id", state.next_id)
            if update_id < state.next_id:
                raise UpdateError("an update_id grows")
            state.next_id = update_id + 1
            state.updates.append({**copy.deepcopy(update), "update_id": update_id})
            state.condition.notify_all()
        await self.deliver(token)
        return int(update_id)


def _value(name: str, value: Any) -> Any:
    """Return what a form field says: its JSON where it is JSON, else its text."""
    try:
        return json.loads(value) if isinstance(value, str) and name not in _TEXTS else value
    except ValueError:
        return value
