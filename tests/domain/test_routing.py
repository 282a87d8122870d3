"""Which gateway sends: hers where it can, else by prefix, health, room, price and order; never one that cannot."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.inbound import Channel
from domain.ports import GatewayInfo
from domain.sending.gateway_health import NEW, Health, Sign, State, after, at
from domain.sending.routing import (
    Standing,
    can_take_over,
    choose,
    choose_able,
    is_judged,
    longest_pause,
    micro,
    money,
    room_left,
    stand_ins,
)

NOW = datetime.fromisoformat("2026-03-03T03:00:00+00:00")
DOWN = after(NEW, [Sign.FAULT] * 5, NOW)
TRIAL = at(DOWN, NOW + timedelta(minutes=1))
SMART, METFONE = "+85510123456", "+85588123456"


def standing(name: str, health: Health = NEW, room: int | None = None, waiting: int = 0, **info: object) -> Standing:
    return Standing(GatewayInfo(name, Channel.SMS, **info), health, room, waiting)  # type: ignore[arg-type]


def test_her_own_gateway_sends_where_it_can() -> None:
    both = [standing("a", cost=0.01), standing("b", cost=9.0)]
    assert choose(both, own="b", address=SMART) == "b"
    assert choose([both[0], standing("b", DOWN)], own="b", address=SMART) == "a"
    assert choose([both[0], standing("b", room=1)], own="b", address=SMART, parts=2) == "a"
    assert choose([both[0], standing("b", room=2)], own="b", address=SMART, parts=2) == "b"


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        (standing("a"), standing("b", prefixes=("+85510",)), "b"),
        (standing("a", prefixes=("+855",)), standing("b", prefixes=("+85510", "+8551")), "b"),
        (standing("a", prefixes=("+85588",)), standing("b"), "b"),
        (standing("a", prefixes=("+85588",)), standing("b", DOWN), "a"),
        (standing("a", TRIAL), standing("b"), "b"),
        (standing("a", TRIAL, prefixes=("+85510",)), standing("b"), "a"),
        (standing("a", room=0), standing("b", cost=9.0), "b"),
        (standing("a", cost=0.03), standing("b", cost=0.02), "b"),
        (standing("a"), standing("b", cost=0.02), "b"),
        (standing("a", cost=0.02), standing("b", cost=0.02), "a"),
        (standing("a"), standing("b"), "a"),
    ],
)
def test_else_by_prefix_health_room_price_and_order(first: Standing, second: Standing, chosen: str) -> None:
    assert choose([first, second], own=None, address=SMART) == chosen


def test_one_that_comes_back_is_given_few_at_a_time() -> None:
    returning = Health(returned=3)
    busy, free = standing("a", returning, waiting=3), standing("a", returning, waiting=2)
    assert choose([busy, standing("b")], own="a", address=SMART) == "b"
    assert choose([free, standing("b")], own="a", address=SMART) == "a"
    assert choose([standing("a", TRIAL, waiting=1), standing("b")], own="a", address=SMART) == "b"


def test_where_none_can_it_waits_at_hers_or_the_best() -> None:
    none = [standing("a", DOWN), standing("b", room=0, prefixes=("+85510",))]
    assert choose(none, own="a", address=SMART) == "a"
    assert choose(none, own="gone", address=SMART) == "b"
    assert choose_able(none, own="a", address=SMART) is None
    assert choose([], own=None, address=SMART) is None


def test_only_real_gateways_for_sms_stand_in_for_each_other() -> None:
    gateways = {
        "modem": GatewayInfo("modem", Channel.SMS),
        "phone-sms": GatewayInfo("phone-sms", Channel.SMS, simulator=True),
        "bot": GatewayInfo("bot", Channel.TELEGRAM),
    }
    assert list(stand_ins(gateways)) == ["modem"]
    assert [is_judged(each) for each in gateways.values()] == [True, False, False]
    assert longest_pause("modem", gateways) == timedelta(minutes=5)
    both = {**gateways, "other": GatewayInfo("other", Channel.SMS)}
    assert longest_pause("modem", both) == timedelta(minutes=30)


def test_only_one_that_works_takes_over() -> None:
    assert can_take_over(standing("a"))
    assert can_take_over(standing("a", room=1))
    assert not can_take_over(standing("a", room=0))
    assert not can_take_over(standing("a", TRIAL))
    assert not can_take_over(standing("a", DOWN))


@given(st.integers(1, 10_000), st.integers(0, 12_000))
def test_the_last_tenth_of_a_day_is_kept_for_replies(cap: int, used: int) -> None:
    replies, bulk = room_left(cap, used, bulk=False), room_left(cap, used, bulk=True)
    assert replies == max(0, cap - used)
    assert bulk is not None
    assert 0 <= bulk <= max(0, 0.9 * cap - used)
    assert room_left(None, used, bulk=True) is None


HEALTHS = st.sampled_from([NEW, DOWN, TRIAL, Health(returned=4)])
STANDINGS = st.lists(
    st.builds(
        Standing,
        st.builds(
            GatewayInfo,
            st.just("x"),
            st.just(Channel.SMS),
            prefixes=st.lists(st.sampled_from(["+855", "+85510", "+85588", "+856"]), max_size=2).map(tuple),
            cost=st.none() | st.floats(0, 5),
        ),
        HEALTHS,
        st.none() | st.integers(0, 5),
        st.integers(0, 6),
    ),
    max_size=5,
)


@given(STANDINGS, st.integers(0, 6), st.sampled_from([SMART, METFONE]), st.integers(1, 4))
def test_nothing_is_given_to_one_that_cannot_while_another_can(
    found: list[Standing], own: int, address: str, parts: int
) -> None:
    named = [
        Standing(GatewayInfo(str(n), Channel.SMS, prefixes=each.info.prefixes, cost=each.info.cost), each.health,
                 each.room, each.waiting)
        for n, each in enumerate(found)
    ]  # fmt: skip
    able = {each.info.name for each in named if each.takes(parts)}
    chosen = choose(named, own=str(own), address=address, parts=parts)
    assert choose_able(named, own=str(own), address=address, parts=parts) == (chosen if able else None)
    assert (chosen is None) == (not named)
    if able:
        assert chosen in able
        assert str(own) not in able or chosen == str(own)
    assert all(each.health.state is not State.DOWN for each in named if each.info.name in able)


@given(st.floats(0, 1e6).map(lambda value: round(value, 6)))
def test_money_comes_back_from_its_millionths(amount: float) -> None:
    assert money(micro(amount)) == pytest.approx(amount, abs=1e-6)
