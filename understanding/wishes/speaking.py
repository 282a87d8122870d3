"""What a text tells of how somebody is spoken to: that she does not read, and which language she speaks."""

from understanding.wishes.ways import Ways

_NO_READING = Ways(
    "<e_reader> (can not/cannot/cant/dont/do not/does not/doesnt/never learned to/never learnt to/not able to/no "
    "can/unable to/not know to) read [and write/or write]",
    "<e_reader> (dont/do not/does not/doesnt/not) know [how to] (read/to read/letters/the letters/how to read)",
    "[<k_letters>] <k_read> [<k_letters>] <k_not> [បាន/ban] (<k_skilled>/ច្បាស់)",
    "<k_not> [ដែល/ban] (ចេះ/ches/jes/cheh/jeh) ([<k_read>] (<k_letters>/<k_text>)/អាន/an/aan/arn)",
    "<k_letters> <k_not> (ចេះ/ដាច់/ches/jes/dach/daj)",
    "<l_read> [<l_letters>] <l_not> (ເປັນ/ອອກ/ຮູ້/pen/ork/awk/oak/hu)",
    "<l_read> <l_letters> <l_not> (ໄດ້/dai/day)",
    "(ອ່ານ/ອ່ານຂຽນ) <l_not> ໄດ້",
    "<l_not> (ຮູ້/ຮູ້ຈັກ/hu/hoo/hu chak) (ໜັງສື/ຕົວໜັງສື/ໂຕໜັງສື/ອ່ານ/nangsue/nang seu/nangseu/nang su/nangsu/nang xeu/an/aan)",
)
_OTHERS = Ways(
    "read (it/this/sms/the/my/english/our/that/code/your)",
    "(អ្នក/អ្នកដែល/អ្នកខ្លះ/ថាល្ងង់/neak/nak/neak del/ថា) <k_not> ចេះ",
    "(tha/neak/nak/neak del/lngong) <k_not> (ches/jes/cheh/jeh)",
    "(ຄົນ/ຜູ້/khon/phu/ວ່າ) (<l_not> (ຮູ້/ຮູ້ຈັກ/hu)/<l_read>)",
)
"""What is hard to read, people in general, and what an officer called somebody."""
_ALONE = Ways(
    "(can not/cannot/cant/dont/do not/not able to/never learned to/never learnt to/not know [how] to) read [and "
    "write/or write]",
    "(dont/do not/not) know (how to read/to read/letters)",
)
_SPOKEN = {
    "hmong": "ມົ້ງ, ມົງ, hmong, mong, moung",
    "khmu": "ກຶມມຸ, ກຶມມຸ, ຂະມຸ, ຂມຸ, khmu, kammu, khamu, kmhmu",
    "kuy": "កួយ, ກວຍ, kuy, kuoy, kui, kuay",
    "bunong": "ព្នង, ពូនង, ភ្នង, bunong, phnong, pnong, punong",
    "jarai": "ចារ៉ាយ, ចរ៉ាយ, jarai, charay, jaray",
    "tampuan": "ទំពួន, ទុំពួន, tampuan, tampuon, tumpuon, tompuon",
    "cham": "ចាម, cham, jam",
    "vietnamese": "វៀតណាម, យួន, ຫວຽດນາມ, ແກວ, vietnamese, vietnam, vietnam, viet",
}
"""Languages that a call list names; from general knowledge of the two countries, to be read over there."""


def cannot_read(text: str) -> bool:
    """Tell whether a text says that somebody cannot read; letters that somebody else leaves unread are another matter."""
    return _ALONE.is_said(text) or (_NO_READING.is_within(text) and not _OTHERS.is_within(text))


def says_only_cannot_read(text: str) -> bool:
    """Tell whether a whole text says that its writer cannot read, and nothing of what she writes about."""
    return "?" not in text and (_ALONE.is_said(text) or _NO_READING.is_said(text, reasons=True))


def spoken_language(text: str) -> str | None:
    """Return the language, by its English name, that a text says somebody speaks; None where it names none."""
    return next((name for name, ways in _SPEAKS.items() if ways.is_within(text)), None)


def _speaks(names: str) -> Ways:
    listed = "(" + "/".join(name.strip() for name in names.split(",")) + ")"
    return Ways(
        f"(speak/speaks/speaking/only/speak only/only speak/speaks only/language is) {listed}",
        f"(ភាសា/និយាយ/ចេះតែ/phea sa/pheasa/peasa/niyay/niyeay/niyay pheasa) {listed}",
        f"(ພາສາ/ເວົ້າ/ເວົ້າພາສາ/phasa/pasa/vao/wao/vao phasa/vao pasa) {listed}",
    )


_SPEAKS = {name: _speaks(names) for name, names in _SPOKEN.items()}
