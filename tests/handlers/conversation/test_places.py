"""Places that people name: of several with one name, those near the place where the person lives come first."""

from handlers.places import nearest_first
from storage.queries.areas import AreaRecord


def area(number: int, path: str) -> AreaRecord:
    code = path.strip("/").rpartition("/")[2]
    return AreaRecord(id=number, code=code, level="commune", kind="commune", parent_id=None, path=path, names={})


FAR = area(1, "/01/0102/010203/")
PROVINCE = area(2, "/17/1702/170201/")
NEAR = area(3, "/17/1701/170105/")


def test_the_same_district_comes_before_the_same_province_and_that_before_others() -> None:
    assert nearest_first([FAR, PROVINCE, NEAR], "/17/1701/170107/") == [NEAR, PROVINCE, FAR]


def test_nothing_is_turned_round_where_no_place_is_known() -> None:
    assert nearest_first([FAR, PROVINCE, NEAR], None) == [FAR, PROVINCE, NEAR]
