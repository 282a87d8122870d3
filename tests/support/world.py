"""A small project with a cast of people who mean the same in every test, and phones that send and receive.

Cambodia: the facilitator and the chief of Srae Khvav in Angkor Chum; Sopheak in the commune next door, who must see
nothing of it; officers of district, province and nation; the desk, two focal points, one member of staff. Laos: the same
with villages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from domain.inbound import Channel, Inbound, InboundKind, Media
from domain.ports import GatewayInfo, Outbound, SendResult
from domain.reading import Language
from domain.settings import Level, ProjectSettings, Step
from handlers.context import Context
from handlers.incoming.intake import receive
from handlers.sending import dispatch
from handlers.sweeps import SWEEPS
from storage import Store
from storage.queries import areas, settings
from storage.queries.persons import contacts
from storage.queries.sending import claims
from storage.queries.staffing import staff

START = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
"""A Tuesday morning at ten in Cambodia and Laos, with no holiday near."""

SMS, TELEGRAM = "sms-test", "bot-test"


@dataclass
class Phone:
    """A telephone of the cast: what it sends goes through intake and processing, what it receives is read from here."""

    world: "World"
    channel: Channel
    address: str
    received: list[Outbound] = field(default_factory=list)

    def writes(self, text: str, **values: object) -> list[str]:
        """Send a text and return what comes back at once."""
        return self.sends(InboundKind.TEXT, text=text, **values)

    def taps(self, label: str) -> list[str]:
        """Tap the newest button with this label."""
        for message in reversed(self.received):
            for row in message.buttons:
                for button in row:
                    if button.label == label:
                        return self.sends(InboundKind.TAP, data=button.data)
        raise AssertionError(f"no button {label!r} on this phone; there are {self.labels()}")

    def replies_to_last(self, text: str) -> list[str]:
        """Answer the newest message on the phone."""
        return self.writes(text, reply_to=f"out-{self.received[-1].message_id}")

    def sends(self, kind: InboundKind, **values: object) -> list[str]:
        """Send anything and return the texts that come back at once."""
        before = len(self.received)
        number = next(self.world.numbers)
        item = {
            "gateway": SMS if self.channel is Channel.SMS else TELEGRAM,
            "channel": self.channel,
            "provider_id": f"in-{number}",
            "message_id": f"m-{number}",
            "address": self.address,
            "kind": kind,
            "received_at": self.world.now,
            **values,
        }
        receive(self.world.context, Inbound(**item), self.world.now)  # type: ignore[arg-type]
        self.world.drain()
        return [message.text for message in self.received[before:]]

    def labels(self) -> list[str]:
        """Return the labels of all buttons received."""
        return [b.label for message in self.received for row in message.buttons for b in row]

    @property
    def texts(self) -> list[str]:
        """Return all texts received."""
        return [message.text for message in self.received]


class World:
    """A project on a store, its clock, and the phones of its cast."""

    def __init__(self, store: Store, project: ProjectSettings) -> None:
        self.store = store
        self.now = START
        self.numbers = count(1)
        self.context = Context(
            store,
            {
                SMS: GatewayInfo(SMS, Channel.SMS, rate=1000.0),
                TELEGRAM: GatewayInfo(TELEGRAM, Channel.TELEGRAM, rate=1000.0),
            },
            random=Random(7),
        )
        self.phones: dict[tuple[Channel, str], Phone] = {}
        self.staff: dict[str, int] = {}
        self.areas: dict[str, int] = {}
        self.deleted: list[Outbound] = []
        with store.transaction() as tx:
            settings.add(tx, project, actor="staff", actor_id=None, now=self.now)

    def phone(self, number: str = "+85512345678", channel: Channel = Channel.SMS) -> Phone:
        """Return the phone of a number or account."""
        return self.phones.setdefault((channel, number), Phone(self, channel, number))

    def telegram(self, account: str = "7001") -> Phone:
        """Return the Telegram of an account."""
        return self.phone(account, Channel.TELEGRAM)

    def officer(self, name: str) -> Phone:
        """Return the phone of a member of the cast."""
        with self.store.reading() as tx:
            contact = contacts.of_staff(tx, self.staff[name])[0]
        return self.phone(contact.address, contact.channel)

    def add_officer(
        self,
        name: str,
        level: Level,
        area: str | None,
        *,
        language: Language,
        channel: Channel = Channel.TELEGRAM,
    ) -> Phone:
        """Put somebody on a post, reachable by Telegram or SMS."""
        number = len(self.staff) + 1
        address = f"90{number:02}" if channel is Channel.TELEGRAM else f"+855770000{number:02}"
        with self.store.transaction() as tx:
            staff_id = staff.add(tx, name=name, language=language.value, phone=f"+855990000{number:02}", now=self.now)
            post = staff.post(tx, level, self.areas[area] if area else None)
            staff.hold(tx, post, staff_id, self.now)
            contact = contacts.lock(tx, channel, address, now=self.now)
            contacts.change(tx, contact.id, staff_id=staff_id, language=language.value)
        self.staff[name] = staff_id
        return self.phone(address, channel)

    def pass_time(self, **span: float) -> None:
        """Let time pass, run every sweep, and deliver what is due."""
        self.now += timedelta(**span)
        self.sweep()

    def sweep(self) -> dict[str, int]:
        """Run every sweep and deliver what is due."""
        done = {name: sweep(self.context, self.now) for name, (sweep, _) in SWEEPS.items()}
        self.drain()
        return done

    def drain(self) -> None:
        """Deliver what is due to the phones, as a provider that takes everything."""
        for gateway in self._waited_for():
            while claimed := dispatch.claim(self.context, gateway, self.now):
                results = []
                for item in claimed:
                    self._deliver(self.context.gateways[gateway].channel, item.outbound)
                    results.append((item, SendResult.accepted(f"out-{item.outbound.message_id}")))
                dispatch.record(self.context, gateway, results, self.now)

    def _waited_for(self) -> list[str]:
        """Return by which gateways something may leave now."""
        with self.store.reading() as tx:
            due = {each: claims.next_due(tx, each, bulk=True) for each in self.context.gateways}
        return [gateway for gateway, moment in due.items() if moment is not None and moment <= self.now]

    def _deliver(self, channel: Channel, outbound: Outbound) -> None:
        if outbound.action == "delete":
            self.deleted.append(outbound)
        else:
            self.phone(outbound.address, channel).received.append(outbound)


def photo() -> tuple[Media, ...]:
    """Return the media of a message with one photo."""
    from domain.inbound import MediaKind

    return (Media(MediaKind.PHOTO, "file-1", "image/jpeg", 1000),)


_PROJECTS = {
    "leap": ProjectSettings(
        name="LEAP",
        prefix="LP",
        country="KH",
        timezone="Asia/Phnom_Penh",
        languages=(Language.KM, Language.EN),
        emergency_number="117",
    ),
    "rrpm": ProjectSettings(
        name="RRPM",
        prefix="LP",
        country="LA",
        timezone="Asia/Vientiane",
        languages=(Language.LO, Language.EN),
        asked_level="village",
        emergency_number="1191",
        ladders={
            "general": (
                Step(level=Level.FACILITATOR, days=5),
                Step(level=Level.DISTRICT, days=10),
                Step(level=Level.PROVINCE, days=15),
                Step(level=Level.NATIONAL, days=15),
            ),
            "integrity": (Step(level=Level.DISTRICT, days=10), Step(level=Level.PROVINCE, days=15)),
        },
    ),
}
_AREAS: dict[str, Sequence[tuple[str, str, str | None, dict[str, str]]]] = {
    "leap": (
        ("17", "province", None, {"km": "សៀមរាប", "en": "Siem Reap"}),
        ("1701", "district", "17", {"km": "អង្គរជុំ", "en": "Angkor Chum"}),
        ("1702", "district", "17", {"km": "វ៉ារិន", "en": "Varin"}),
        ("170107", "commune", "1701", {"km": "ស្រែខ្វាវ", "en": "Srae Khvav"}),
        ("170101", "commune", "1701", {"km": "ចារឈូក", "en": "Char Chhuk"}),
        ("170205", "commune", "1702", {"km": "ស្រែខ្វាវ", "en": "Srae Khvav"}),
    ),
    "rrpm": (
        ("09", "province", None, {"lo": "ຊຽງຂວາງ", "en": "Xieng Khouang"}),
        ("0901", "district", "09", {"lo": "ຄູນ", "en": "Khoun"}),
        ("0902", "district", "09", {"lo": "ໜອງແຮດ", "en": "Nonghet"}),
        ("090101", "village", "0901", {"lo": "ນາຫວາຍ", "en": "Navay"}),
        ("090102", "village", "0901", {"lo": "ໂພນງາມ", "en": "Phonngam"}),
        ("090201", "village", "0902", {"lo": "ນາຫວາຍ", "en": "Navay"}),
    ),
}
_CAST = {
    "leap": (
        ("facilitator", Level.FACILITATOR, "170107"),
        ("chief", Level.COMMUNE, "170107"),
        ("neighbour", Level.COMMUNE, "170101"),
        ("district", Level.DISTRICT, "1701"),
        ("province", Level.PROVINCE, "17"),
        ("nation", Level.NATIONAL, None),
    ),
    "rrpm": (
        ("facilitator", Level.FACILITATOR, "090101"),
        ("neighbour", Level.FACILITATOR, "090102"),
        ("district", Level.DISTRICT, "0901"),
        ("province", Level.PROVINCE, "09"),
        ("nation", Level.NATIONAL, None),
    ),
}
_EVERYWHERE = (
    ("desk", Level.DESK),
    ("focal one", Level.FOCAL),
    ("focal two", Level.FOCAL),
    ("staff", Level.STAFF),
)


def new_world(store: Store, project: str) -> World:
    """Fill an empty store with a project, its areas and its cast."""
    made = World(store, _PROJECTS[project])
    language = _PROJECTS[project].default_language
    with store.transaction() as tx:
        known: dict[str, areas.AreaRecord] = {}
        for code, level, parent, names in _AREAS[project]:
            known[code] = areas.add(tx, code=code, level=level, parent=known.get(parent or ""), names=names)
            made.areas[code] = known[code].id
    for name, level, area in _CAST[project]:
        made.add_officer(name, level, area, language=language)
    for name, level in _EVERYWHERE:
        made.add_officer(name, level, None, language=language)
    return made
