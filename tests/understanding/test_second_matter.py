"""Two matters in one text: both are kept, the second as such; and a story about one matter has one."""

import pytest

from domain.reading import Category
from understanding import read
from understanding.second_matter import with_second_matter

PREFIXES = ("LP",)
MONEY, ROAD, BRIBE = Category.PAYMENT_MISSING, Category.INFRASTRUCTURE, Category.CORRUPTION


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("លុយអត់ចូល ហើយផ្លូវក៏ខូច គ្មានអ្នកជួសជុល", {MONEY, ROAD}),
        ("លុយខែនេះមិនទាន់បាន ម្យ៉ាងទៀតមេភូមិទារលុយពេលចុះឈ្មោះ", {MONEY, BRIBE}),
        ("ເງິນບໍ່ເຂົ້າ ແລະ ທາງກໍເພ ບໍ່ມີໃຜມາແປງ", {MONEY, ROAD}),
        ("my money did not come and the road is still broken", {MONEY, ROAD}),
        ("ngern bo khao lae thang ko phe", {MONEY, ROAD}),
    ],
)
def test_both_matters_of_a_text_are_kept(text: str, both: set[Category]) -> None:
    found = with_second_matter(read(text, prefixes=PREFIXES), text, prefixes=PREFIXES)
    assert {found.category, found.secondary} == both


@pytest.mark.parametrize(
    "text",
    [
        "លុយអត់ទាន់ចូលទេ ៣ខែហើយ",
        "ទៅសួរភ្នាក់ងារហើយ គាត់ថាចាំសិន លុយនៅតែអត់ចូល",
        "ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ ແລະ ຄົນອື່ນໄດ້ໝົດແລ້ວ",
        "my money did not come, and I asked twice, and nobody answers",
        "STOP",
        "",
    ],
)
def test_one_matter_stays_one(text: str) -> None:
    assert with_second_matter(read(text, prefixes=PREFIXES), text, prefixes=PREFIXES).secondary in {
        None,
        Category.ABUSE,
    }
