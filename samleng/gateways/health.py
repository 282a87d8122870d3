"""How modems and phones are: asked by `samleng check`, and as figures for a monitoring system."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from domain.sending.gateway_health import State
from handlers.sending.gateway_figures import Figures, figures
from samleng.config import Config, Fault
from samleng.config.sms import AndroidTable, GammuTable
from samleng.gateways.making import SmsGateways, access_of
from sms_gateway import Gateway
from sms_gateway.android import AndroidGateway, PhoneHealth
from sms_gateway.android.phone import Phone
from sms_gateway.gammu import GammuGateway, GammuSettings
from storage.queries.sending import signs

_NEVER_HEARD = float("inf")


def faults(config: Config, now: datetime) -> Iterator[Fault]:
    """Find what is wrong with modems and phones now; each phone is asked once."""
    asked: dict[tuple[str, str | None], PhoneHealth] = {}
    for index, table in enumerate(config.sms_gateway):
        key = f"sms_gateway[{index}]"
        if isinstance(table, GammuTable):
            modem = GammuSettings(
                table.name,
                table.database,
                table.phone_id,
                timezone=table.timezone or "UTC",
                daily_cap=table.daily_cap,
                silent_after=table.silent_after,
                busy_s=table.busy_s,
            )
            if fault := GammuGateway(modem).health(now).fault:
                what, _, remedy = fault.partition(": ")
                yield Fault(f"{key}.database", f"gateway {table.name}: {what}", remedy or "look at gammu-smsd")
        if isinstance(table, AndroidTable) and table.phone not in asked:
            asked[table.phone] = asyncio.run(_asked(table))
            yield from _phone_faults(f"{key}.base_url", table, asked[table.phone], now)


async def _asked(table: AndroidTable) -> PhoneHealth:
    phone = Phone(access_of(table))
    try:
        return await phone.health()
    finally:
        await phone.close()


def _phone_faults(key: str, table: AndroidTable, health: PhoneHealth, now: datetime) -> Iterator[Fault]:
    name = f"gateway {table.name}"
    if health.status == "unreachable":
        remedy = "look at base_url, the login, the phone's network, and whether its app runs"
        yield Fault(key, f"{name}: the phone or its server does not answer", remedy)
    elif health.status != "pass":
        troubles = ", ".join(health.troubles) or health.status
        yield Fault(key, f"{name}: the phone says that something is wrong ({troubles})", "look at the phone")
    elif health.last_seen and (silent := (now - health.last_seen).total_seconds()) > table.silent_after_s:
        what = f"{name}: the phone's server has not heard of it for {silent // 60:.0f} minutes"
        yield Fault(key, what, "look at the phone's network, power, and whether its app runs")


class GatewayFigures(Collector):
    """Reads how modems and phones are when somebody asks for the metrics."""

    def __init__(
        self,
        gateways: SmsGateways,
        called: Mapping[str, Gateway],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._gateways, self._called, self._clock = gateways, called, clock

    def describe(self) -> list[GaugeMetricFamily]:
        """Name the figures without asking anybody."""
        return [_silent_family(), _cap_family(), *self._standing()]

    def collect(self) -> list[GaugeMetricFamily]:
        """Return for how long each was not heard, and how much of each SIM's day is used up."""
        silent, cap, now = _silent_family(), _cap_family(), self._clock()
        told = self._standing(figures(self._gateways.installation.context, now))
        phones = {name: each for name, each in self._called.items() if isinstance(each, AndroidGateway)}
        with self._gateways.installation.store.reading() as tx:
            heard = {name: signs.heard_at(tx, phone.pulse) for name, phone in phones.items()}
        for name, at in heard.items():
            silent.add_metric([name], (now - at).total_seconds() if at else _NEVER_HEARD)
        for table in self._gateways.tables:
            if not isinstance(table, GammuTable):
                continue
            health = GammuGateway(self._gateways.gammu_settings(table)).health(now)
            seen = health.last_seen
            silent.add_metric([table.name], (now - seen).total_seconds() if seen else _NEVER_HEARD)
            if health.daily_cap:
                cap.add_metric([table.name], health.cap_used)
        return [silent, cap, *told]

    def _standing(self, rows: Sequence[Figures] = ()) -> list[GaugeMetricFamily]:
        """Return what the database keeps of each gateway for SMS."""
        state, sent, credit = _state_family(), _sent_family(), _credit_family()
        for row in rows:
            for each in State:
                state.add_metric([row.name, each.value], float(row.state is each))
            sent.add_metric([row.name], row.sent_today)
            if row.credit is not None:
                credit.add_metric([row.name], row.credit)
        return [state, sent, credit]


def _silent_family() -> GaugeMetricFamily:
    what = "Seconds since a modem or phone was last heard"
    return GaugeMetricFamily("samleng_gateway_silent_s", what, labels=["gateway"])


def _cap_family() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "samleng_gateway_daily_cap_used", "How much of a SIM's day is used up, 1 being all", labels=["gateway"]
    )


def _state_family() -> GaugeMetricFamily:
    what = "Whether an SMS gateway is good, down or on trial: 1 for the state that it is in"
    return GaugeMetricFamily("samleng_gateway_state", what, labels=["gateway", "state"])


def _sent_family() -> GaugeMetricFamily:
    what = "SMS parts handed over by a gateway in the project's day"
    return GaugeMetricFamily("samleng_gateway_sent_today", what, labels=["gateway"])


def _credit_family() -> GaugeMetricFamily:
    what = "What is left on a gateway's account, in the project's money, where somebody told it"
    return GaugeMetricFamily("samleng_gateway_credit", what, labels=["gateway"])
