"""SMS gateways of an installation: each kind made from its table, both ways, and how each is."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import assert_never

from domain.ports import Sender
from handlers.incoming import intake
from handlers.sending import receipts
from samleng.config import SmsGatewayConfig
from samleng.config.sms import AndroidTable, GammuTable, HttpTable, KannelTable, PhoneTable, TwilioTable
from samleng.wiring import Installation
from sms_gateway import Gateway
from sms_gateway.android import (
    AndroidAccess,
    AndroidGateway,
    AndroidSettings,
    AndroidSim,
    WebhooksRefused,
)
from sms_gateway.gammu import GammuCalls, GammuGateway, GammuLoop, GammuSettings
from sms_gateway.generic import GenericGateway
from sms_gateway.kannel import KannelGateway, KannelSettings
from sms_gateway.twilio import TwilioConfig, TwilioGateway
from storage.leadership import Leadership
from storage.queries import settings as settings_rows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SmsGateways:
    """The SMS gateways that a configuration names; the simulator's are made elsewhere."""

    installation: Installation

    @property
    def tables(self) -> tuple[SmsGatewayConfig, ...]:
        """Return the tables of real gateways, in the file's order."""
        return tuple(each for each in self.installation.config.sms_gateway if not isinstance(each, PhoneTable))

    def called(self) -> dict[str, Gateway]:
        """Return what the web serves, by name. A modem's is for missed calls: SMS come by `loops`."""
        return {each.name: self._called(each) for each in self.tables}

    def senders(self) -> Mapping[str, Callable[[], Sender]]:
        """Return how each gateway's sender is made, within the event loop that it will belong to."""
        return {each.name: partial(self._sender, each) for each in self.tables}

    def loops(self, clock: Callable[[], datetime]) -> dict[str, GammuLoop]:
        """Return what takes messages and receipts from each modem, by name: one process at a time has the duty."""
        context, store = self.installation.context, self.installation.store
        return {
            each.name: GammuLoop(
                self.gammu_settings(each),
                lambda inbound: intake.receive(context, inbound, clock()),
                lambda receipt: receipts.take_receipt(context, receipt, clock()),
                clock,
                heard=partial(receipts.take_sign_of_life, context, each.name),
                duty=Leadership(store, f"gammu-{each.name}"),
            )
            for each in self.tables
            if isinstance(each, GammuTable)
        }

    def phones(self) -> list[AndroidTable]:
        """Return one table for each Android phone: its first SIM's."""
        first: dict[tuple[str, str | None], AndroidTable] = {}
        for each in self.tables:
            if isinstance(each, AndroidTable):
                first.setdefault(each.phone, each)
        return list(first.values())

    async def register(self, table: AndroidTable) -> str | None:
        """Tell a phone where to bring messages; return what is wrong and what to do where that could not be done."""
        gateway = AndroidGateway(self.android_settings(table))
        try:
            added = await gateway.register_webhooks()
        except WebhooksRefused as refused:
            return str(refused)
        finally:
            await gateway.close()
        log.info("%s: the phone's webhooks are registered (%d new)", table.name, len(added))
        return None

    def gammu_settings(self, table: GammuTable) -> GammuSettings:
        """Return a modem's settings. Raises `storage.queries.settings.NoSettings`."""
        project = self.installation.context.settings
        return GammuSettings(
            table.name,
            table.database,
            table.phone_id,
            country=project.country,
            timezone=table.timezone or project.timezone,
            daily_cap=table.daily_cap,
            silent_after=table.silent_after,
            part_wait=timedelta(seconds=table.part_wait_s),
            keep=timedelta(days=table.keep_days),
            rate=table.rate,
            poll_s=table.poll_s,
            busy_s=table.busy_s,
            call_secret=table.call_secret.get_secret_value() if table.call_secret else None,
        )

    def android_settings(self, table: AndroidTable) -> AndroidSettings:
        """Return a SIM's settings."""
        return AndroidSettings(
            name=table.name,
            access=access_of(table),
            signing_key=table.signing_key.get_secret_value(),
            public_url=self.installation.config.public_url,
            country=self.installation.context.settings.country,
            sim_number=table.sim_number,
            sims=_sims(each for each in self.tables if isinstance(each, AndroidTable) and each.phone == table.phone),
            ttl=table.ttl_s,
            installation=self._database_mark(),
        )

    def _called(self, table: SmsGatewayConfig) -> Gateway:
        if isinstance(table, GammuTable):
            return GammuCalls(self.gammu_settings(table))
        if isinstance(table, AndroidTable):
            return AndroidGateway(self.android_settings(table))
        return self._both_ways(table)

    def _sender(self, table: SmsGatewayConfig) -> Sender:
        if isinstance(table, GammuTable):
            return GammuGateway(self.gammu_settings(table))
        if isinstance(table, AndroidTable):
            return AndroidGateway(self.android_settings(table))
        return self._both_ways(table)

    def _both_ways(
        self, table: TwilioTable | PhoneTable | KannelTable | HttpTable
    ) -> TwilioGateway | KannelGateway | GenericGateway:
        match table:
            case TwilioTable():
                return self._twilio(table)
            case KannelTable():
                return self._kannel(table)
            case HttpTable():
                country = self.installation.context.settings.country
                return GenericGateway(self.installation.config.described(table, country))
            case PhoneTable():
                raise ValueError("the simulator has gateways of its own")
        assert_never(table)

    def _twilio(self, table: TwilioTable) -> TwilioGateway:
        return TwilioGateway(
            TwilioConfig(
                name=table.name,
                account_sid=table.account_sid,
                auth_token=table.auth_token.get_secret_value(),
                sender=table.sender or "",
                base_url=table.base_url,
                public_url=self.installation.config.public_url,
                country=self.installation.context.settings.country,
                rate=table.rate,
            )
        )

    def _kannel(self, table: KannelTable) -> KannelGateway:
        return KannelGateway(
            KannelSettings(
                name=table.name,
                username=table.username,
                password=table.password.get_secret_value(),
                sender=table.sender,
                callback_secret=table.callback_secret.get_secret_value(),
                base_url=table.base_url,
                callback_url=table.callback_url or f"http://127.0.0.1:{self.installation.config.web.port}",
                smsc_id=table.smsc_id,
                max_parts=table.max_parts,
                errors=table.errors,
                country=self.installation.context.settings.country,
                timeout=table.timeout_s,
                rate=table.rate,
            )
        )

    def _database_mark(self) -> str:
        """Return what changes when the database is begun anew."""
        with self.installation.store.reading() as tx:
            begun = settings_rows.begun_at(tx)
        return sha256(begun.isoformat().encode()).hexdigest()[:12]


def access_of(table: AndroidTable) -> AndroidAccess:
    """Return how a phone's API is reached."""
    return AndroidAccess(
        table.base_url,
        local=table.local,
        username=table.username or "",
        password=table.password.get_secret_value() if table.password else "",
        jwt=table.jwt,
        token=table.token.get_secret_value() if table.token else "",
        device_id=table.device_id,
        timeout=table.timeout_s,
    )


def _sims(tables: Iterable[AndroidTable]) -> tuple[AndroidSim, ...]:
    """Return the SIMs of one phone; one alone is not told from others."""
    found = list(tables)
    if len(found) < 2:
        return ()
    return tuple(AndroidSim(each.name, each.sim_number or 0, each.sender or "") for each in found)


def register_phones(gateways: SmsGateways, tables: Iterable[AndroidTable]) -> list[AndroidTable]:
    """Tell phones where to bring messages, and return those that could not be told; why is logged."""
    left = []
    for each in tables:
        fault = asyncio.run(gateways.register(each))
        if fault:
            log.warning("%s: the phone cannot be told where to bring messages: %s", each.name, fault)
            left.append(each)
    return left
