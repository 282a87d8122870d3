"""Fetching the files that came with a message: whose they are, how large they may be, and who is asked for them."""

import asyncio
import base64

import pytest
from aiohttp import web
from yarl import URL

from domain.inbound import Media, MediaKind
from sms_gateway import TwilioGateway
from sms_gateway.twilio.http import fetch_media, is_file_host
from tests.sms_gateway.parts import twilio_stand_in as twilio

FILE = bytes(range(256)) * 400
REDIRECTS = {
    "moved": {"Location": "/file"},
    "circle": {"Location": "/circle"},
    "astray": {"Location": "http://169.254.169.254/latest"},
    "nearly": {"Location": "https://twiliocdn.com.evil.example/file"},
    "unsafe": {"Location": "http://mms.twiliocdn.com/file"},
    "nowhere": {},
}
LOGIN = "Basic " + base64.b64encode(f"{twilio.ACCOUNT}:{twilio.TOKEN}".encode()).decode()


def fetched(path: str, limit: int = len(FILE), origin: str | None = None) -> tuple[bytes | None, list[tuple[str, str]]]:
    """Fetch a path of the stand-in (or of another origin), and say what it was asked with which login."""
    asked: list[tuple[str, str]] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        asked.append((request.path, request.headers.get("Authorization", "")))
        return await answers(request)

    async def scenario() -> bytes | None:
        application = web.Application()
        application.router.add_get("/{name:.*}", serve)
        async with twilio.serving(application) as url:
            gateway = TwilioGateway(twilio.config(url))
            ref = (url if origin is None else origin) + path
            return await gateway.fetch(Media(MediaKind.PHOTO, ref), limit)

    return asyncio.run(scenario()), asked


async def answers(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name == "file":
        return web.Response(body=FILE)
    if name == "unsized":
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(FILE)
        return response
    if name in REDIRECTS:
        return web.Response(status=307, headers=REDIRECTS[name])
    return web.Response(status=int(name))


class TestFetching:
    @pytest.mark.parametrize("path", ["/file", "/unsized", "/moved"])
    def test_a_file_is_fetched_with_the_accounts_login(self, path: str) -> None:
        content, asked = fetched(path)
        assert content == FILE
        assert {login for _, login in asked} == {LOGIN}

    @pytest.mark.parametrize("path", ["/file", "/unsized"])
    def test_a_file_over_the_limit_is_left(self, path: str) -> None:
        assert fetched(path, limit=len(FILE) - 1)[0] is None

    @pytest.mark.parametrize("path", ["/404", "/410", "/circle", "/astray", "/nearly", "/unsafe", "/nowhere"])
    def test_a_file_that_is_gone_is_none(self, path: str) -> None:
        assert fetched(path)[0] is None

    @pytest.mark.parametrize("path", ["/500", "/503", "/401", "/429"])
    def test_a_file_that_is_not_served_now_may_be_asked_for_again(self, path: str) -> None:
        with pytest.raises(ConnectionError) as fault:
            fetched(path)
        assert "127.0.0.1" not in str(fault.value)

    @pytest.mark.parametrize(
        "origin",
        [
            "http://localhost:1",
            "https://evil.example",
            "http://api.twilio.com",
            "https://api.twilio.com:8443",
            "https://api.twilio.com.evil.example",
            "https://api.twilio.com@evil.example",
            "https://somebody:else@api.twilio.com",
            "file:///etc/passwd",
            "",
            "//api.twilio.com",
            "http://[",
            "no address",
        ],
    )
    def test_nobody_else_is_asked(self, origin: str) -> None:
        assert fetched("/file", origin=origin) == (None, [])

    def test_the_place_that_twilio_sends_on_to_gets_no_login(self) -> None:
        asked: list[tuple[str, str]] = []

        async def serve(request: web.Request) -> web.StreamResponse:
            asked.append((request.path, request.headers.get("Authorization", "")))
            if request.path == "/kept":
                return web.Response(body=FILE)
            return web.Response(status=307, headers={"Location": f"{request.query['on_to']}/kept"})

        async def scenario() -> bytes | None:
            application = [web.Application(), web.Application()]
            for each in application:
                each.router.add_get("/{name:.*}", serve)
            async with twilio.serving(application[0]) as own, twilio.serving(application[1]) as files:
                ref = f"{own}/file?on_to={files}"
                login = (twilio.ACCOUNT, twilio.TOKEN)
                return await fetch_media(
                    ref,
                    len(FILE),
                    auth=login,
                    own=(own,),
                    timeout=5.0,
                    may_follow=lambda url: str(url) == f"{files}/kept",
                )

        assert asyncio.run(scenario()) == FILE
        assert asked == [("/file", LOGIN), ("/kept", "")]

    @pytest.mark.parametrize(
        ("url", "is_twilios"),
        [
            ("https://mms.twiliocdn.com/AC1/file?Expires=1", True),
            ("https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/file", True),
            ("https://media.twiliocdn.com.s3-external-1.amazonaws.com/AC1/file", True),
            ("http://mms.twiliocdn.com/AC1/file", False),
            ("https://twiliocdn.com.evil.example/file", False),
            ("https://eviltwiliocdn.com/file", False),
            ("https://169.254.169.254/file", False),
        ],
    )
    def test_the_places_that_twilio_sends_on_to(self, url: str, is_twilios: bool) -> None:
        assert is_file_host(URL(url)) is is_twilios

    def test_an_origin_that_is_away_may_be_asked_again(self) -> None:
        gateway = TwilioGateway(twilio.config("http://127.0.0.1:1"))
        with pytest.raises(ConnectionError):
            asyncio.run(gateway.fetch(Media(MediaKind.PHOTO, "http://127.0.0.1:1/file"), 10))
