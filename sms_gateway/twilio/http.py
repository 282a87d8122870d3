"""Requests to Twilio: the SDK's client with what it does not tell us (how far a request got), and fetching of files."""

import base64
import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TraceConfig,
    TraceRequestEndParams,
    TraceRequestHeadersSentParams,
)
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
from yarl import URL

API = "https://api.twilio.com"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({400, 404, 410})
_MOST_REDIRECTS = 3
_FILE_HOSTS = ("twiliocdn.com", "s3-external-1.amazonaws.com")
_CHUNK = 64 * 1024

# The SDK writes addresses and headers of every request at `info`.
_sdk_log = logging.getLogger("sms_gateway.twilio.sdk")
_sdk_log.setLevel(logging.WARNING)


@dataclass(slots=True)
class Attempt:
    """How far one request got: whether any of it may have left, and the answer's status and Retry-After (seconds)."""

    written: bool = False
    status: int | None = None
    retry_after: float | None = None

    @property
    def answered(self) -> bool:
        """Tell whether the head of an answer came."""
        return self.status is not None


_attempt: ContextVar[Attempt] = ContextVar("attempt")


class Line:
    """The SDK's client for one account. Its session is made at the first message, since it needs a running loop."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str | None) -> None:
        self._account_sid, self._auth_token, self._base_url = account_sid, auth_token, base_url
        self._client: Client | None = None

    async def create(self, attempt: Attempt, **fields: str) -> str | None:
        """Ask for a message and return its sid, noting in `attempt` how far that got.

        Raises `TwilioException` for an answer that refuses, `ClientError` and `OSError` where there was none, and what
        the SDK may raise on an answer that it cannot read. The SDK sets no timeout; the caller must.
        """
        token = _attempt.set(attempt)
        try:
            made = await self._opened().messages.create_async(**fields)
        finally:
            _attempt.reset(token)
        return made.sid if isinstance(made.sid, str) else None

    async def close(self) -> None:
        """Close the session."""
        client, self._client = self._client, None
        if client is not None:
            await client.http_client.close()

    def _opened(self) -> Client:
        if self._client is None:
            http = AsyncTwilioHttpClient(trace_configs=[_trace()], logger=_sdk_log)
            # An empty mapping would be replaced by the process's own environment, whose TWILIO_EDGE and TWILIO_REGION
            # would turn requests away from the configured address.
            self._client = Client(
                self._account_sid,
                self._auth_token,
                http_client=http,
                environment={"TWILIO_REGION": ""},
                credential_provider=_BasicLogin(self._account_sid, self._auth_token),
            )
            if self._base_url:
                self._client.api.base_url = self._base_url
        return self._client


class _BasicLogin:
    """Account and token as the SDK's credential provider and strategy in one.

    The SDK's own way makes an `aiohttp.BasicAuth` for every request, which aiohttp deprecates.
    """

    def __init__(self, account_sid: str, auth_token: str) -> None:
        self._header = basic_auth(account_sid, auth_token)

    def to_auth_strategy(self) -> "_BasicLogin":
        return self

    def get_auth_string(self) -> str:
        return self._header


def basic_auth(login: str, password: str) -> str:
    """Return the value of an `Authorization` header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


def _trace() -> TraceConfig:
    trace = TraceConfig(trace_config_ctx_factory=_current_attempt)  # type: ignore[arg-type]
    trace.on_request_headers_sent.append(_note_written)
    trace.on_request_end.append(_note_answer)
    return trace


def _current_attempt(trace_request_ctx: object = None) -> Attempt:  # noqa: ARG001
    return _attempt.get()


async def _note_written(
    _session: ClientSession, attempt: SimpleNamespace | Attempt, _params: TraceRequestHeadersSentParams
) -> None:
    attempt.written = True


async def _note_answer(
    _session: ClientSession, attempt: SimpleNamespace | Attempt, params: TraceRequestEndParams
) -> None:
    attempt.status = params.response.status
    seconds = params.response.headers.get("Retry-After", "")
    attempt.retry_after = float(seconds) if seconds.isascii() and seconds.isdigit() else None


def is_file_host(url: URL) -> bool:
    """Tell whether an address is where Twilio keeps files (its own network, or Amazon's for older accounts)."""
    host = url.host or ""
    return url.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in _FILE_HOSTS)


async def fetch_media(
    ref: str,
    limit: int,
    *,
    auth: tuple[str, str],
    own: tuple[str, ...],
    timeout: float,
    may_follow: Callable[[URL], bool] = is_file_host,
) -> bytes | None:
    """Return the bytes behind an address, at most `limit` of them; None where it is gone, too large or foreign.

    Only the `own` origins are asked, with the account's credentials. They send on to a place for files, which gets no
    credentials. `timeout` is in seconds, for all of it. Raises `ConnectionError` where trying again may help.
    """
    origins = {URL(each).origin() for each in own}
    url = _parsed(ref)
    if url is None or url.origin() not in origins:
        return None

    def login(target: URL) -> dict[str, str] | None:
        if target.origin() in origins:
            return {"Authorization": basic_auth(*auth)}
        return {} if may_follow(target) else None

    # Without decompression the limit holds for what is kept in memory too.
    session = ClientSession(timeout=ClientTimeout(total=timeout), auto_decompress=False)
    try:
        async with session:
            return await _follow(session, url, limit, login)
    except (ClientError, OSError):
        raise ConnectionError("the file could not be fetched") from None


async def _follow(
    session: ClientSession, url: URL, limit: int, login: Callable[[URL], dict[str, str] | None]
) -> bytes | None:
    target: URL | None = url
    for _ in range(_MOST_REDIRECTS + 1):
        headers = login(target) if target else None
        if target is None or headers is None:
            return None
        identity = {"Accept-Encoding": "identity"}
        async with session.get(target, allow_redirects=False, headers=headers | identity) as response:
            if response.status not in _REDIRECTS:
                return await _body(response, limit)
            target = _parsed(response.headers.get("Location", ""), base=target)
    return None


async def _body(response: ClientResponse, limit: int) -> bytes | None:
    if response.status in _GONE:
        return None
    if response.status != 200:
        raise ConnectionError("the file is not served now")
    if (response.content_length or 0) > limit:
        return None
    kept = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        kept += chunk
        if len(kept) > limit:
            return None
    return bytes(kept)


def _parsed(address: str, base: URL | None = None) -> URL | None:
    try:
        url = base.join(URL(address)) if base else URL(address)
    except ValueError:
        return None
    return url if url.scheme in {"http", "https"} and url.host and url.user is None else None
