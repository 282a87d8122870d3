"""What every use case is given: the store, the project's settings, the gateways' names and rates, and chance."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random, SystemRandom
from typing import Any

from domain.calendar import WorkingCalendar
from domain.inbound import Channel
from domain.ports import GatewayInfo
from domain.reading import Language, Reading
from domain.sending import routing
from domain.settings import ProjectSettings
from storage import Store, Tx
from storage.queries import learning
from storage.queries import settings as settings_rows
from storage.queries.sending.gateways import Terms
from understanding import read
from understanding.model import Model, ModelFault, load
from understanding.second_matter import with_second_matter

log = logging.getLogger(__name__)

_REFRESH_S = 5.0


@dataclass(slots=True)
class Context:
    """One installation, as use cases see it.

    `gateways` are the configured ways in and out by name. `random` draws references and codes. Settings are read from
    the database and looked at again every few seconds, and with them which model reads texts.
    """

    store: Store
    gateways: Mapping[str, GatewayInfo]
    random: Random = field(default_factory=SystemRandom)
    monotonic: Callable[[], float] = time.monotonic
    bot_links: Mapping[str, str] = field(default_factory=dict)
    place_indexes: Any = None
    faq_entries: Any = None
    _settings: ProjectSettings | None = None
    _calendar: WorkingCalendar | None = None
    _read_at: float = 0.0
    _model: Model | None = None
    _model_id: int | None = None

    @property
    def settings(self) -> ProjectSettings:
        """Return the settings in force. Raises `storage.queries.settings.NoSettings` where none were loaded."""
        if self._settings is None or self.monotonic() - self._read_at > _REFRESH_S:
            with self.store.reading() as tx:
                fresh = settings_rows.current(tx)
                self._look_for_model(tx)
            if fresh != self._settings:
                self._settings, self._calendar = fresh, WorkingCalendar(fresh)
            self._read_at = self.monotonic()
        assert self._settings is not None
        return self._settings

    def read(self, text: str, language: Language) -> Reading:
        """Read a text with the model in use; `language` stands where the text does not tell its own."""
        prefixes = (self.settings.prefix,)
        reading = read(text, prefixes=prefixes, default_language=language, model=self._model)
        return with_second_matter(reading, text, prefixes=prefixes, model=self._model)

    def _look_for_model(self, tx: Tx) -> None:
        """Take up the model that was adopted; one that this version cannot use leaves the packaged one in use."""
        adopted = learning.adopted(tx)
        if adopted == self._model_id:
            return
        self._model_id, self._model = adopted, None
        if adopted is not None:
            try:
                self._model = load(learning.data_of(tx, adopted), name=f"model {adopted}")
            except ModelFault as fault:
                log.error("%s; the model that comes with the program is used", fault)

    @property
    def calendar(self) -> WorkingCalendar:
        """Return the project's working days and hours."""
        settings = self.settings
        if self._calendar is None:
            self._calendar = WorkingCalendar(settings)
        return self._calendar

    def terms_of(self, gateway: str, now: datetime) -> Terms | None:
        """Return what a gateway is held to today; None where its health, day and credit are not kept."""
        info = self.gateways[gateway]
        if not routing.is_judged(info):
            return None
        day, cost = self.calendar.local_day(now), routing.micro(info.cost or 0.0)
        return Terms(day, info.daily_cap, cost, routing.longest_pause(gateway, self.gateways))

    def gateway_for(self, channel: Channel | str) -> GatewayInfo | None:
        """Return the first configured gateway of a channel, for people who never wrote; None where there is none."""
        return next((each for each in self.gateways.values() if each.channel == channel), None)
