"""What a text tells of how somebody is spoken to: that she does not read, and which language she speaks."""

from understanding.wishes.sayings import Sayings

_NO_READING = Sayings(
    *(
        "cannot read",
        "can not read",
        "cant read",
        "do not read",
        "dont read",
        "not able to read",
        "never learned to read",
    ),
    *("អានមិនចេះ", "មិនចេះអាន", "អត់ចេះអាន", "អានអត់ចេះ", "មិនចេះអក្សរ", "អត់ចេះអក្សរ", "អក្សរមិនចេះ", "មើលអក្សរមិនដាច់"),
    *("អានមិនដាច់", "អានអត់ដាច់", "មិនចេះមើលអក្សរ"),
    *("ອ່ານບໍ່ເປັນ", "ບໍ່ຮູ້ອ່ານ", "ບໍ່ຮູ້ໜັງສື", "ອ່ານໜັງສືບໍ່ເປັນ", "ອ່ານບໍ່ອອກ", "ອ່ານໜັງສືບໍ່ໄດ້", "ອ່ານບໍ່ໄດ້"),
)
_SPOKEN = {
    "hmong": Sayings("i speak hmong", "speaks hmong", "only hmong", "ເວົ້າມົ້ງ", "ພາສາມົ້ງ"),
    "khmu": Sayings("i speak khmu", "speaks khmu", "only khmu", "ເວົ້າກຶມມຸ", "ພາສາກຶມມຸ", "ພາສາຂະມຸ"),
    "kuy": Sayings("i speak kuy", "speaks kuy", "ភាសាកួយ"),
    "bunong": Sayings("i speak bunong", "speaks bunong", "ភាសាព្នង", "ភាសាពូនង"),
    "jarai": Sayings("i speak jarai", "speaks jarai", "ភាសាចារ៉ាយ"),
    "tampuan": Sayings("i speak tampuan", "speaks tampuan", "ភាសាទំពួន"),
    "cham": Sayings("i speak cham", "speaks cham", "ភាសាចាម"),
    "vietnamese": Sayings("i speak vietnamese", "speaks vietnamese", "ភាសាវៀតណាម", "ພາສາຫວຽດນາມ"),
}
"""Languages that a call list names; from general knowledge of the two countries, to be read over there."""


def cannot_read(text: str) -> bool:
    """Tell whether a text says that somebody cannot read."""
    return _NO_READING.is_within(text)


def spoken_language(text: str) -> str | None:
    """Return the language, by its English name, that a text says somebody speaks; None where it names none."""
    return next((name for name, sayings in _SPOKEN.items() if sayings.is_within(text)), None)
