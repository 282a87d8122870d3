"""What every use case is given: the store, the project's settings, the gateways' names and rates, and chance."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import Any

from domain.calendar import WorkingCalendar
from domain.inbound import Channel
from domain.ports import GatewayInfo
from domain.settings import ProjectSettings
from storage import Store
from storage.queries import settings as settings_rows

_REFRESH_S = 5.0


@dataclass(slots=True)
class Context:
    """One installation, as use cases see it.

    `gateways` are the configured ways in and out by name. `random` draws references and codes. Settings are read from
    the database and looked at again every few seconds.
    """

    store: Store
    gateways: Mapping[str, GatewayInfo]
    random: Random = field(default_factory=SystemRandom)
    monotonic: Callable[[], float] = time.monotonic
    bot_links: Mapping[str, str] = field(default_factory=dict)
    place_indexes: Any = None
    _settings: ProjectSettings | None = None
    _calendar: WorkingCalendar | None = None
    _read_at: float = 0.0

    @property
    def settings(self) -> ProjectSettings:
        """Return the settings in force. Raises `storage.queries.settings.NoSettings` where none were loaded."""
        if self._settings is None or self.monotonic() - self._read_at > _REFRESH_S:
            with self.store.reading() as tx:
                fresh = settings_rows.current(tx)
            if fresh != self._settings:
                self._settings, self._calendar = fresh, WorkingCalendar(fresh)
            self._read_at = self.monotonic()
        assert self._settings is not None
        return self._settings

    @property
    def calendar(self) -> WorkingCalendar:
        """Return the project's working days and hours."""
        settings = self.settings
        if self._calendar is None:
            self._calendar = WorkingCalendar(settings)
        return self._calendar

    def gateway_for(self, channel: Channel | str) -> GatewayInfo | None:
        """Return the first configured gateway of a channel, for people who never wrote; None where there is none."""
        return next((each for each in self.gateways.values() if each.channel == channel), None)
