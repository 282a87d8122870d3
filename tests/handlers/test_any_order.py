"""Anything in any order: people, officers, the clock and crashes, played at random; the rules of the design hold after each.

`HYPOTHESIS_PROFILE=long` plays more of it.
"""

import copy
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, select

from domain.inbound import Channel, Inbound, InboundKind
from domain.reading import Language
from domain.settings import Level
from handlers.context import Context
from handlers.incoming.intake import receive
from handlers.officers.commands import SHAPES, Command
from handlers.staffing import leaving
from handlers.staffing.register import RegisterFault
from handlers.sweeps import SWEEPS
from storage import Store
from storage.queries.casework import caseload
from storage.queries.persons import contacts, people
from storage.queries.staffing import staff
from storage.tables import Case, Message
from storage.tables.base import table_of
from tests.support.databases import TEST_KEYS, Databases
from tests.support.rules_held import Watched, check, check_swept, everything
from tests.support.world import SMS, TELEGRAM, Phone, World, new_world, photo

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PEOPLE = ("+85512000001", "+85512000002", "+85512000003", "8001", "8002")
COMPLAINTS = (
    "លុយអត់ទាន់ចូលទេ ៣ខែហើយ",
    "លុយខ្ញុំមិនទាន់មកដល់ទេ ពីរខែហើយ ស្រុកអង្គរជុំ ឃុំស្រែខ្វាវ",
    "ផ្លូវចូលភូមិធ្វើហើយមួយខែ បាក់អស់ហើយ នៅចារឈូក",
    "មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ កុំឲ្យគាត់ដឹង",
    "សុភា យកលុយខ្ញុំ ៥ម៉ឺន នៅចារឈូក",
    "ភ្នាក់ងារកាត់លុយខ្ញុំ ៥ពាន់ មិនប្រាប់មូលហេតុ",
)
HARM = ("គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច", "ប្ដីខ្ញុំវាយខ្ញុំរាល់យប់ សុំជួយផង",
        "មេភូមិគំរាមថា បើប្ដឹងទៀតនឹងដេញចេញពីភូមិ")  # fmt: skip
WORDS = (
    *("ស្រែខ្វាវ", "ចារឈូក", "ខលព្រឹក ៨ ដល់ ១០", "គ្មានឈ្មោះ", "សុំខលមក អានមិនចេះ", "អរគុណ", "?", "មិនទាន់", "រួចហើយ"),
    *("STOP", "ឈប់", "START", "សូមកុំផ្ញើមកទៀត ប្ដីខ្ញុំឃើញសារហើយទះខ្ញុំ", "រឿងខ្ញុំដល់ណាហើយ?", "លេខសម្ងាត់ខ្ញុំ 4821 ចូលមិនបាន"),
    *("ប្រាក់ឧបត្ថម្ភកូនបើកថ្ងៃណា?", "លែងប្ដឹងហើយ", "join 012 000 001", "join 012000002", "another person", "erase my data"),
    *("1", "២", "3", "9", "ok", "/cases"),
)
OFFICERS = ("facilitator", "chief", "neighbour", "sms chief", "district", "province", "nation", "desk", "focal one",
            "focal two", "staff")  # fmt: skip
SAID = {
    Command.RESOLVE: ("upheld បានបើកប្រាក់ហើយ", "info បើកថ្ងៃសុក្រ", "បានជួសជុលហើយ"),
    Command.TRANSFER: ("Char Chhuk", "Srae Khvav", "Varin", "Nowhere"),
    Command.CATEGORY: ("corruption", "works", "abuse", "payment", ""),
    Command.ABSENT: ("10", "1/4", "off", "31/12"),
    Command.EXTEND: ("3 រង់ចាំឯកសារ", "30 x", "2"),
    Command.KIND: ("home", "child", "x"),
    Command.CASES: ("", "all", "overdue", "calls"),
}
REMEMBERED = timedelta(days=89)
MOVES = ("away", "away", "back", "back", "handover", "new phone", "gone")
PASSING = (timedelta(seconds=40), timedelta(minutes=20), timedelta(hours=5), timedelta(days=1), timedelta(days=4),
           timedelta(days=16), timedelta(days=33))  # fmt: skip
_C, _M = table_of(Case), table_of(Message)


class _CrashError(Exception): ...


@contextmanager
def crashing(store: Store, nth: int) -> Iterator[Callable[[], bool]]:
    """Let the nth write from now on fail, once; the function tells whether it came to that."""
    left = [nth]

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            left[0] -= 1
            if left[0] == 0:
                raise _CrashError

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        yield lambda: left[0] <= 0
    finally:
        event.remove(store.engine, "before_cursor_execute", count)


class AnyOrder(RuleBasedStateMachine):
    """A project to which anything may happen."""

    fresh: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.world = Watched(type(self).fresh())
        self.sent: list[Inbound] = []
        self.crash: int | None = None

    def teardown(self) -> None:
        self.world.step = ("", "")
        self.world.pass_time(days=1)
        check_swept(self.world)
        self.world.store.close()

    @rule(who=st.sampled_from(PEOPLE), text=st.sampled_from((*COMPLAINTS, *COMPLAINTS, *HARM)))
    def complains(self, who: str, text: str) -> None:
        """A complaint becomes a case, or belongs to one, whatever else goes on (rule 1)."""
        self.world.said_by_people.append(text)
        item = self._writes(self._person(who), text)
        with self.world.store.reading() as tx:
            found = select(_M.c.case_id).where(_M.c.provider_id == item.message_id, _M.c.direction == "in")
            assert tx.execute(found).scalars().first() is not None, "a complaint that is nowhere"

    @rule(who=st.sampled_from(PEOPLE), text=st.sampled_from(WORDS))
    def writes(self, who: str, text: str) -> None:
        self._writes(self._person(who), text)

    @rule(
        who=st.sampled_from(PEOPLE), pick=st.integers(0, 99), prefix=st.sampled_from(("", "", "not solved ", "solved "))
    )
    def asks(self, who: str, pick: int, prefix: str) -> None:
        """Her own reference, another's, a slip, an invented one: what is not hers is told nothing of (rule 16)."""
        phone = self._person(who)
        references = [*self._references(), "LP-0000-00"]
        reference = references[pick % len(references)]
        self._writes(phone, prefix + (reference if pick % 5 else reference[:-1] + "7"))

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(("photo", "call", "contact", "sticker")))
    def sends(self, who: str, kind: str) -> None:
        phone = self._person(who)
        if kind == "call":
            self._send(phone, InboundKind.CALL)
        elif kind == "contact":
            self._send(phone, InboundKind.CONTACT, phone=PEOPLE[0] if who == PEOPLE[3] else None)
        else:
            self._send(phone, InboundKind.MEDIA, media=photo(), text="ផ្លូវខូច" if kind == "photo" else "")

    @rule(who=st.sampled_from(PEOPLE), pick=st.integers(0, 30), other=st.booleans())
    def taps(self, who: str, pick: int, other: bool) -> None:
        """Any button that ever was on her phone, or on another's."""
        phone = self._person(who)
        self._tap(phone, phone if not other else self._person(PEOPLE[pick % len(PEOPLE)]), pick)

    @rule(who=st.sampled_from(OFFICERS), pick=st.integers(0, 60), other=st.booleans())
    def officer_taps(self, who: str, pick: int, other: bool) -> None:
        phone = self._officer(who)
        self._tap(phone, phone if not other else self._officer(OFFICERS[pick % len(OFFICERS)]), pick)

    @rule(
        who=st.sampled_from(OFFICERS),
        command=st.sampled_from([each for each in Command if each is not Command.BROADCAST]),
        pick=st.integers(0, 99),
        code=st.booleans(),
    )
    def commands(self, who: str, command: Command, pick: int, code: bool) -> None:
        """Every command, about a case of his, another's, or none; by SMS the code comes back, or a wrong one."""
        phone = self._officer(who)
        before = len(phone.received)
        self._writes(phone, f"/{command} {self._said(who, command, pick)}".strip())
        if phone.channel is Channel.SMS and len(phone.received) > before:
            codes = [word.strip("។.") for word in phone.received[-1].text.split() if word.strip("។.").isdigit()]
            given = next((each for each in codes if len(each) == 4), "0000")
            self._writes(phone, given if code else "1234")

    @rule(
        who=st.sampled_from(OFFICERS), words=st.sampled_from(("បើកប្រាក់ថ្ងៃសុក្រ", "បានជួបគាត់ហើយ")), pick=st.integers(0, 9)
    )
    def officer_answers(self, who: str, words: str, pick: int) -> None:
        phone = self._officer(who)
        if phone.received:
            answered = phone.received[-1 - pick % len(phone.received)]
            self._writes(phone, words, reply_to=f"out-{answered.message_id}")

    @rule(who=st.sampled_from(OFFICERS), other=st.sampled_from(OFFICERS), what=st.sampled_from(MOVES))
    @precondition(lambda self: self._references())
    def posts_change(self, who: str, other: str, what: str) -> None:
        world, context = self.world, self.world.context
        self.world.step = ("", "")
        try:
            if what == "handover":
                if who in ("desk", "focal one", "staff"):
                    return
                leaving.handover(context, world.staff[who], world.staff[other], world.now)
            elif what == "gone":
                if who in ("facilitator", "chief", "focal two"):
                    leaving.deactivate(context, world.staff[who], world.now)
            elif what == "new phone":
                leaving.lost_phone(context, world.staff[who], world.now)
                leaving.new_phone(context, world.staff[who], f"+855668000{world.staff[who]:02}", world.now)
            else:
                until = world.now.date() + timedelta(days=9) if what == "away" else None
                leaving.absent(context, world.staff[who], until, world.now)
        except RegisterFault:
            return
        world.drain()

    @rule(span=st.sampled_from(PASSING))
    def time_passes(self, span: timedelta) -> None:
        """Every sweep does what is due; run again at the same moment it does nothing (rules 4 and 11)."""
        self.world.step = ("", "")
        self.world.now += span
        if self.crash is not None:
            self._sweeps_crash()
        self.world.sweep()
        check_swept(self.world)
        before = everything(self.world)
        self.world.sweep()
        assert everything(self.world) == before, "sweeps that ran again did something"

    @rule(nth=st.integers(1, 25))
    def crash_next(self, nth: int) -> None:
        self.crash = nth

    @rule(pick=st.integers(0, 99))
    def comes_again(self, pick: int) -> None:
        """What a provider brings again changes nothing (rule 4)."""
        remembered = [each for each in self.sent if each.received_at > self.world.now - REMEMBERED]
        if not remembered:
            return
        before = everything(self.world)
        receive(self.world.context, remembered[pick % len(remembered)], self.world.now)
        assert everything(self.world) == before

    @invariant()
    def rules_hold(self) -> None:
        check(self.world)

    def _person(self, who: str) -> Phone:
        return self.world.phone(who, Channel.SMS if who.startswith("+") else Channel.TELEGRAM)

    def _officer(self, who: str) -> Phone:
        """Return the phone of an officer; of one who has gone, the account that was his."""
        with self.world.store.reading() as tx:
            known = contacts.of_staff(tx, self.world.staff[who])
        return self.world.phone(known[0].address, known[0].channel) if known else self.world.telegram(f"gone {who}")

    def _references(self) -> list[str]:
        with self.world.store.reading() as tx:
            return list(tx.execute(select(_C.c.reference).order_by(_C.c.id)).scalars())

    def _seen_by(self, who: str) -> list[str]:
        """Return the open cases that somebody may see, the most urgent first."""
        with self.world.store.reading() as tx:
            record = staff.by_id(tx, self.world.staff[who])
            assert record is not None
            found = caseload.list_visible(tx, record.posts, now=self.world.now, limit=8, only="open")
            return [case.reference for case in found]

    def _said(self, who: str, command: Command, pick: int) -> str:
        references, shape = [*self._references(), "LP-0000-00"], SHAPES[command]
        his = self._seen_by(who) if pick % 5 else references
        named = (his or references)[pick % len(his or references)] if pick % 7 else str(1 + pick % 4)
        words = SAID.get(command, ("បានពិនិត្យហើយ សូមរង់ចាំ",))
        said = words[pick % len(words)]
        if command is Command.MERGE:
            said = (his or references)[(pick + 1) % len(his or references)]
        if command is Command.BAR:
            said = OFFICERS[pick % len(OFFICERS)]
        if command.value == "incident":
            said = f"{1 + pick % 2} info បើកថ្ងៃសុក្រ" if pick % 2 else ""
        return " ".join(
            part
            for part in (named if shape.case else "", said if shape.words or command in SAID or pick % 3 == 0 else "")
            if part
        )

    def _tap(self, phone: Phone, source: Phone, pick: int) -> None:
        buttons = [b.data for m in source.received for row in m.buttons for b in row if b.data]
        if buttons:
            self._send(phone, InboundKind.TAP, data=buttons[-1 - pick % len(buttons)])

    def _writes(self, phone: Phone, text: str, **values: Any) -> Inbound:
        return self._send(phone, InboundKind.TEXT, text=text, **values)

    def _send(self, sender: Phone, /, kind: InboundKind, **values: Any) -> Inbound:
        """Send something; where a crash was ordered it comes in the middle, leaves nothing half done, and is made up for."""
        number = next(self.world.numbers)
        gateway = SMS if sender.channel is Channel.SMS else TELEGRAM
        item = Inbound(gateway=gateway, channel=sender.channel, provider_id=f"in-{number}", message_id=f"m-{number}",
                       address=sender.address, kind=kind, received_at=self.world.now, **values)  # fmt: skip
        self.sent.append(item)
        self.world.step = (sender.address, values.get("text") or values.get("data") or kind.value)
        if self.crash is None:
            receive(self.world.context, item, self.world.now)
        else:
            self._crashes_on(item)
        self.world.drain()
        return item

    def _crashes_on(self, item: Inbound) -> None:
        before = everything(self.world)
        with crashing(self.world.store, (self.crash or 0) + 1) as crashed:
            receive(self.world.context, item, self.world.now)
        self.crash = None
        if crashed():
            assert everything(self.world) == before, "a crash left something half done"
            self.world.now += timedelta(seconds=6)
            SWEEPS["inbound"][0](self.world.context, self.world.now)

    def _sweeps_crash(self) -> None:
        with crashing(self.world.store, self.crash or 1):
            for sweep, _ in SWEEPS.values():
                try:
                    sweep(self.world.context, self.world.now)
                except _CrashError:
                    check(self.world)
        self.crash = None


def prepared(store: Store) -> World:
    """Return the cast, with somebody who has only SMS, and a name by which the neighbour is known."""
    world = new_world(store, "leap")
    world.add_officer("sms chief", Level.COMMUNE, "170107", language=Language.KM, channel=Channel.SMS)
    world.add_officer("desk two", Level.DESK, None, language=Language.KM)
    for who, place in zip(PEOPLE[:4], ("170107", "170107", "170101", "170107"), strict=True):
        _lives_in(world, who, place)
    leaving.other_names(world.context, world.staff["neighbour"], ["សុភា"], world.now)
    return world


def _lives_in(world: World, who: str, place: str) -> None:
    """Let somebody be on the project's list, so that it is known where she lives."""
    channel = Channel.SMS if who.startswith("+") else Channel.TELEGRAM
    with world.store.transaction() as tx:
        person = people.create(tx, world.now, language="km", area_id=world.areas[place])
        contacts.change(tx, contacts.lock(tx, channel, who, now=world.now).id, person_id=person)


def again(world: World, store: Store) -> World:
    """Return the same project on a copy of its database."""
    made = copy.copy(world)
    made.store, made.numbers, made.deleted = store, copy.copy(world.numbers), []
    made.context = Context(store, world.context.gateways, random=Random(7))
    return made


@pytest.fixture
def copies(tmp_path: Path, databases: Databases) -> Callable[[], World]:
    """Return what gives a fresh project on SQLite, copied from one that was made once."""
    template = tmp_path / "template.db"
    made = Store(databases.fresh_url("sqlite"), TEST_KEYS, pool_size=2)
    world = prepared(made)
    assert made.sqlite_path is not None
    with sqlite3.connect(made.sqlite_path) as connection:
        connection.execute("VACUUM INTO ?", (str(template),))
    connection.close()
    made.close()

    def fresh() -> World:
        path = tmp_path / "played.db"
        for each in tmp_path.glob("played.db*"):
            each.unlink()
        shutil.copy(template, path)
        return again(world, Store(f"sqlite:///{path}", TEST_KEYS, pool_size=2))

    return fresh


def play(fresh: Callable[[], World], *, examples: int, steps: int) -> None:
    """Play so many projects of so many steps."""
    machine = type("Played", (AnyOrder,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if LONG else (Phase.generate,),
        ),
    )


def test_the_rules_hold_in_any_order(copies: Callable[[], World]) -> None:
    play(copies, examples=400 if LONG else 8, steps=50 if LONG else 35)


def test_the_rules_hold_in_any_order_on_postgresql(databases: Databases) -> None:
    def fresh() -> World:
        return prepared(Store(databases.fresh_url("postgresql"), TEST_KEYS, pool_size=2))

    play(fresh, examples=20 if LONG else 2, steps=40 if LONG else 25)
