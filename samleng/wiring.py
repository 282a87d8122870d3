"""Opening an installation: from a configuration to a store and the context of every use case."""

from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.context import Context
from samleng.config import Config
from storage import Store
from storage.wake import Wake


def utc_now() -> datetime:
    """Return this moment: the one clock that is read at the edges and handed inside."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Installation:
    """A configured installation, ready to be asked; `samleng.outside` ties it to the world."""

    config: Config
    store: Store
    context: Context
    wake: Wake

    def close(self) -> None:
        """Let go of the database."""
        self.wake.close()
        self.store.close()


def build(config: Config) -> Installation:
    """Put an installation together; nothing is read from the database yet."""
    store = config.open_store()
    wake = Wake(store)
    store.on_queued = wake.notify
    return Installation(config, store, Context(store, config.gateway_infos()), wake)
