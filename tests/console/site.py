"""The simulator as it runs: the real routes, served to a browser, and a dispatcher that hands over what is due."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from console.phone import create_blueprint
from console.simulator import SimulatorSender
from domain.ports import gateways_by_name
from handlers.context import Context
from handlers.sending import dispatch
from handlers.simulator import GATEWAYS
from tests.support.world import World


class PhoneSite:
    """The routes on a world whose only gateways are the simulator's; the world's clock is theirs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.context = Context(world.store, gateways_by_name(GATEWAYS), random=world.context.random)
        self.senders = [SimulatorSender(each.name, each.channel, self.context, self.clock) for each in GATEWAYS]
        self.app = Flask("site")
        self.app.register_blueprint(create_blueprint(self.context, self.clock))
        self.url = ""
        self._news, self._ended = threading.Event(), False

    def clock(self):
        return self.world.now

    def pass_time(self, **span: float) -> None:
        """Let time pass and hand over what has become due."""
        self.world.now += timedelta(**span)
        self._news.set()

    def drain(self) -> None:
        """Hand over what is due."""
        asyncio.run(self._drain())

    async def _drain(self) -> None:
        for sender in self.senders:
            while claimed := dispatch.claim(self.context, sender.name, self.world.now):
                results = [(item, await sender.send(item.outbound)) for item in claimed]
                dispatch.record(self.context, sender.name, results, self.world.now)

    @contextmanager
    def running(self) -> Iterator["PhoneSite"]:
        """Serve the page on a free port of this machine and hand over as soon as something is queued."""
        server = create_server(self.app, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True)
        self.url = f"http://127.0.0.1:{server.effective_port}/phone/"
        self.world.store.on_queued = self._news.set
        threads = [threading.Thread(target=server.run), threading.Thread(target=self._hand_over)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._ended = True
            self._news.set()
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
            for thread in threads:
                thread.join()
            server.task_dispatcher.shutdown()

    def _hand_over(self) -> None:
        while self._news.wait() and not self._ended:
            self._news.clear()
            self.drain()
