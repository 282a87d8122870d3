"""Which gateway sends: the one that a person wrote to, or the one that is best for her number among those that can."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.inbound import Channel
from domain.ports import GatewayInfo
from domain.sending.gateway_health import LONGEST_PAUSE, LONGEST_PAUSE_ALONE, NEW, Health, State, allowance

NEAR_CAP = 0.8
"""Staff are told when so much of a day's cap is used up."""

_KEPT_FOR_REPLIES = 10
"""One part in so many of a day's cap is kept for replies."""

_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How a gateway stands at a moment: its health, SMS parts left of its day (None: no cap), and messages waiting.

    `waiting` counts only while a gateway comes back; otherwise it is 0.
    """

    info: GatewayInfo
    health: Health = NEW
    room: int | None = None
    waiting: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether one more message may be put there: a gateway that comes back has few at a time."""
        limit = allowance(self.health)
        return limit is None or self.waiting < limit

    def has_room(self, parts: int) -> bool:
        """Tell whether so many SMS parts still fit into its day."""
        return self.room is None or self.room >= parts

    def takes(self, parts: int) -> bool:
        """Tell whether a message of so many parts may be put there now."""
        return self.is_open and self.has_room(parts)


def choose(standings: Sequence[Standing], *, own: str | None, address: str, parts: int = 1) -> str | None:
    """Return the gateway for a message to an address, None where there are none to choose among.

    `own` is the gateway that the person wrote to: it sends where it can. Else, of those that can: the longest prefix
    that fits the number, health, price, the order of the configuration. Where none can, the message waits at `own`, or
    at the best.
    """
    able = choose_able(standings, own=own, address=address, parts=parts)
    if able is not None or own in {each.info.name for each in standings}:
        return able or own
    return _best(standings, address)


def choose_able(standings: Sequence[Standing], *, own: str | None, address: str, parts: int = 1) -> str | None:
    """Return the same, but None where no gateway can send now."""
    able = [each for each in standings if each.takes(parts)]
    if own in {each.info.name for each in able}:
        return own
    return _best(able, address)


def can_take_over(standing: Standing) -> bool:
    """Tell whether a gateway may take over what waits at another: only one that works."""
    return standing.health.state is State.GOOD and standing.room != 0


def stand_ins(gateways: Mapping[str, GatewayInfo]) -> dict[str, GatewayInfo]:
    """Return the gateways that may stand in for each other, in order: real ones for SMS."""
    return {name: each for name, each in gateways.items() if is_judged(each)}


def is_judged(info: GatewayInfo) -> bool:
    """Tell whether a gateway's health, day and credit are kept: those of real ones for SMS are."""
    return info.channel is Channel.SMS and not info.simulator


def longest_pause(name: str, gateways: Mapping[str, GatewayInfo]) -> timedelta:
    """Return for how long a gateway may be left alone at a time."""
    alone = not any(other != name for other in stand_ins(gateways))
    return LONGEST_PAUSE_ALONE if alone else LONGEST_PAUSE


def room_left(cap: int | None, used: int, *, bulk: bool) -> int | None:
    """Return how many SMS parts may still leave by a gateway today, None without a cap; bulk leaves the last tenth."""
    if cap is None:
        return None
    return max(0, cap - (-(-cap // _KEPT_FOR_REPLIES) if bulk else 0) - used)


def micro(amount: float) -> int:
    """Return an amount of money in millionths, in which sums are exact."""
    return round(amount * _MICRO)


def money(millionths: int) -> float:
    """Return an amount of money from its millionths."""
    return millionths / _MICRO


def _best(standings: Iterable[Standing], address: str) -> str | None:
    best = min(standings, key=lambda each: _rank(each, address), default=None)
    return best.info.name if best else None


def _rank(each: Standing, address: str) -> tuple[int, bool, bool, float]:
    """Return a gateway's place for an address, lowest first; `min` keeps the configured order among equals."""
    fitting = longest_prefix(each.info.prefixes, address)
    elsewhere = bool(each.info.prefixes) and not fitting
    # A gateway whose price nobody told is taken for dearer than those with one.
    price = float("inf") if each.info.cost is None else each.info.cost
    return -fitting, elsewhere, each.health.state is not State.GOOD, price


def longest_prefix(prefixes: Iterable[str], address: str) -> int:
    """Return the length of the longest prefix that an address begins with, 0 where none does."""
    return max((len(prefix) for prefix in prefixes if address.startswith(prefix)), default=0)
