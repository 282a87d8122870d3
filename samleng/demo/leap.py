"""LEAP's demo: six districts of Siem Reap with 47 communes and two khans of Phnom Penh with 13 sangkat.

Places are the real ones; which of Siem Reap's 100 communes LEAP worked in is not public, so the districts are a guess.
"""

from domain.reading import Language
from domain.settings import Level
from samleng.demo.project import DemoProject, Place
from samleng.files.cambodia import areas_of

_DISTRICTS = {
    "17": ("1701", "1704", "1710", "1712", "1713", "1714"),
    "12": ("1206", "1208"),
}
_TOWN = "1710"
_PROVINCES = {
    "17": {"km": "សៀមរាប", "en": "Siem Reap"},
    "12": {"km": "ភ្នំពេញ", "en": "Phnom Penh"},
}


def places() -> list[Place]:
    """Return the provinces, districts, communes and villages, larger ones first."""
    found = areas_of([each for chosen in _DISTRICTS.values() for each in chosen], towns=[_TOWN])
    return [
        Place(
            each.code,
            each.level,
            each.kind,
            each.parent,
            _PROVINCES.get(each.code, {"km": each.name_km, "en": each.name_en}),
        )
        for each in found
    ]


PROJECT = DemoProject(
    name="leap",
    language=Language.KM,
    places=places,
    # Cellcard, Smart, Metfone.
    number_ranges=("+8551200", "+8551000", "+85588000", "+8557700", "+8557000", "+85571000"),
    worked_level="commune",
    areas_each=3,
    without_facilitator=("171404", "171405", "120601", "120602"),
    vacant=((Level.COMMUNE, "170103"), (Level.DISTRICT, "1713")),
    amounts=(80_000, 100_000, 120_000, 160_000),
    agent="វីង",
    meeting_title="ប្រជុំក្រុមសន្សំ",
    meeting_place="សាលាឃុំ",
    tries=(
        "លុយអត់ទាន់ចូលទេ ពីរខែហើយ",
        "ស្រែខ្វាវ",
        "លុយខែក្រោយបើកថ្ងៃណា",
        "me phum som luy 2 mern",
        "The well in our village is broken.",
        "STOP",
    ),
)
