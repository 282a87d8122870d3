"""Whether a whole text says that somebody comes, or cannot: closed lists in three languages."""

from understanding.wishes.exact_sayings import ExactSayings


def says_coming(text: str) -> bool | None:
    """Return whether a whole text says that its writer comes (`ខ្ញុំមក`, `ມາບໍ່ໄດ້`); None where it says neither."""
    if _NOT.is_said(text):
        return False
    return True if _COMING.is_said(text) else None


_COMING = ExactSayings(
    *(
        "i come",
        "i will come",
        "ill come",
        "i am coming",
        "im coming",
        "coming",
        "i can come",
        "we come",
        "we will come",
    ),
    *("i will be there", "ill be there", "see you there", "yes i come", "yes i will come", "yes i am coming"),
    *(
        "មក",
        "ខ្ញុំមក",
        "ខ្ញុំនឹងមក",
        "មកបាន",
        "ខ្ញុំមកបាន",
        "បាទមក",
        "ចាសមក",
        "ចូលរួម",
        "ខ្ញុំចូលរួម",
        "ខ្ញុំនឹងចូលរួម",
        "ខ្ញុំនឹងទៅ",
        "ខ្ញុំទៅ",
        "ទៅបាន",
    ),
    *("ខ្ញុំទៅបាន", "យើងមក", "យើងនឹងមក"),
    *(
        "ມາ",
        "ຂ້ອຍມາ",
        "ຂ້ອຍຊິມາ",
        "ຂ້ອຍຈະມາ",
        "ຈະມາ",
        "ຊິມາ",
        "ມາໄດ້",
        "ຂ້ອຍມາໄດ້",
        "ຂ້ອຍໄປ",
        "ຂ້ອຍຈະໄປ",
        "ຂ້ອຍຊິໄປ",
        "ໄປໄດ້",
        "ເຂົ້າຮ່ວມ",
    ),
    *("ຂ້ອຍເຂົ້າຮ່ວມ", "ຈະເຂົ້າຮ່ວມ", "ພວກຂ້ອຍມາ"),
)
_NOT = ExactSayings(
    *("i cant come", "i can not come", "i cannot come", "cant come", "cannot come", "i am not coming", "im not coming"),
    *(
        "not coming",
        "i will not come",
        "i wont come",
        "i dont come",
        "no i cant come",
        "no i cannot come",
        "we cant come",
    ),
    *("i cant make it", "i cannot make it", "i cant go", "i cannot go", "sorry i cant come", "sorry i cannot come"),
    *("មិនមក", "មិនមកទេ", "ខ្ញុំមិនមក", "ខ្ញុំមិនមកទេ", "មកមិនបាន", "មកអត់បាន", "ខ្ញុំមកមិនបាន", "ខ្ញុំមកមិនបានទេ", "ខ្ញុំមកអត់បានទេ"),
    *("មិនអាចមក", "មិនអាចមកបាន", "ខ្ញុំមិនអាចមកបានទេ", "អត់មក", "អត់មកទេ", "ខ្ញុំអត់មកទេ", "ទៅមិនបាន", "ខ្ញុំទៅមិនបាន", "ខ្ញុំទៅអត់បានទេ"),
    *("ចូលរួមមិនបាន", "ខ្ញុំចូលរួមមិនបាន", "ជាប់រវល់មកមិនបាន", "ខ្ញុំជាប់រវល់"),
    *("ບໍ່ມາ", "ຂ້ອຍບໍ່ມາ", "ມາບໍ່ໄດ້", "ຂ້ອຍມາບໍ່ໄດ້", "ບໍ່ໄດ້ມາ", "ຂ້ອຍຊິບໍ່ມາ", "ຈະບໍ່ມາ", "ໄປບໍ່ໄດ້", "ຂ້ອຍໄປບໍ່ໄດ້", "ບໍ່ໄປ", "ຂ້ອຍບໍ່ໄປ"),
    *("ເຂົ້າຮ່ວມບໍ່ໄດ້", "ຂ້ອຍເຂົ້າຮ່ວມບໍ່ໄດ້", "ຂ້ອຍຄາວຽກ", "ຄາວຽກມາບໍ່ໄດ້"),
)
"""What means neither alone, such as a reason in more words, is read like any text."""
