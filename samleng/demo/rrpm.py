"""RRPM's demo: its 12 districts in four provinces of Lao PDR, with a few invented villages in each."""

from domain.reading import Language
from domain.settings import Level
from samleng.demo.project import DemoProject, Place, table

_FIRST_VILLAGE = 90


def places() -> list[Place]:
    """Return the provinces, districts and villages, larger ones first."""
    provinces: dict[str, Place] = {}
    districts: list[Place] = []
    villages: list[Place] = []
    for each in table("places_rrpm.toml")["districts"]:
        province, code = each["province"], each["code"]
        names = {"lo": province["lo"], "en": province["en"]}
        provinces[province["code"]] = Place(province["code"], "province", "province", None, names)
        districts.append(Place(code, "district", "district", province["code"], {"lo": each["lo"], "en": each["en"]}))
        for number, (lao, english) in enumerate(each["villages"], start=_FIRST_VILLAGE):
            villages.append(Place(f"{code}0{number}", "village", "village", code, {"lo": lao, "en": english}))
    return [*provinces.values(), *districts, *villages]


PROJECT = DemoProject(
    name="rrpm",
    language=Language.LO,
    places=places,
    # Lao Telecom, Unitel, ETL.
    number_ranges=("+856205500", "+856209600", "+856202200"),
    worked_level="village",
    areas_each=2,
    without_facilitator=("0709090", "0709091"),
    vacant=((Level.FACILITATOR, "0903091"), (Level.DISTRICT, "0705")),
    amounts=(150_000, 180_000, 210_000),
    agent="U-Money",
    meeting_title="ປະຊຸມແມ່ລູກ",
    meeting_place="ສຸກສາລາ",
    tries=(
        "ເງິນຍັງບໍ່ເຂົ້າ ສາມເດືອນແລ້ວ",
        "ນາຫວາຍ",
        "ເງິນງວດຕໍ່ໄປຈະອອກມື້ໃດ",
        "ngern bor khao theua",
        "The agent in our village has no cash.",
        "STOP",
    ),
)
