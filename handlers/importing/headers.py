"""What the headings of a list mean: by known words in three languages, or as was said, now or for an earlier list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from handlers.importing.report import Refused, RowFault
from understanding import normalise

LEFT_OUT = "-"
"""In place of a column of ours: this column of the file is not read."""
OK, WHY = "ok", "why"
"""Columns of the rejects: that a doubtful row is right, and why a row came back."""
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")

_PLACES = {
    "village": "village phum phoum ban ភូមិ ឈ្មោះភូមិ ບ້ານ ຊື່ບ້ານ",
    "commune": "commune sangkat khum ឃុំ សង្កាត់ ឃុំសង្កាត់ ឃុំ/សង្កាត់",
    "district": "district khan srok ស្រុក ខណ្ឌ ក្រុង ស្រុកខណ្ឌ ស្រុក/ខណ្ឌ ស្រុក/ក្រុង/ខណ្ឌ ເມືອງ ຊື່ເມືອງ",
    "province": "province khet ខេត្ត រាជធានី ខេត្ត/រាជធានី ແຂວງ ຊື່ແຂວງ",
    "area": "area place area_code ទីតាំង កូដទីតាំង លេខកូដទីតាំង តំបន់ ສະຖານທີ່ ລະຫັດບ້ານ ພື້ນທີ່",
}
_WHO = {
    "id": "id no_id person_id beneficiary_id code_id លេខសម្គាល់ អត្តលេខ លេខកូដ កូដ លេខសមាជិក ລະຫັດ ລະຫັດຜູ້ຮັບ ເລກລະຫັດ ເລກທີ່ຜູ້ຮັບ",
    "name": "name full_name fullname ឈ្មោះ នាមត្រកូលនិងនាមខ្លួន គោត្តនាមនិងនាម ឈ្មោះអ្នកទទួល ຊື່ ຊື່ແລະນາມສະກຸນ ຊື່ຜູ້ຮັບ",
    "phone": "phone mobile phone_number tel telephone ទូរស័ព្ទ លេខទូរស័ព្ទ ໂທລະສັບ ເບີໂທ ເບີໂທລະສັບ",
    OK: "ok confirmed ត្រឹមត្រូវ បានបញ្ជាក់ ຖືກຕ້ອງ ຢືນຢັນແລ້ວ",
    WHY: "why",
}
_WORDS = {
    "people": _WHO
    | _PLACES
    | {
        "language": "language message_language ភាសា ភាសាសារ ພາສາ ພາສາຂໍ້ຄວາມ",
        "sex": "sex gender ភេទ ເພດ",
        "group": "group group_name ក្រុម ឈ្មោះក្រុម ក្រុមសន្សំ ກຸ່ມ ຊື່ກຸ່ມ",
        "programme": "programme program កម្មវិធី ໂຄງການ ແຜນງານ",
        "spoken": "spoken spoken_language speaks ភាសានិយាយ ភាសាកំណើត ພາສາເວົ້າ ພາສາຊົນເຜົ່າ",
        "reads": "reads can_read literate ចេះអាន អានបាន ອ່ານໄດ້ ອ່ານເປັນ",
        "consent": "consent agreed យល់ព្រម ការយល់ព្រម ຍິນຍອມ ການຍິນຍອມ",
        "money_reminders": "money_reminders reminders_of_money រំលឹកអំពីលុយ រំលឹកពីប្រាក់ ເຕືອນເລື່ອງເງິນ ແຈ້ງເຕືອນເງິນ",
        "shared": "shared shared_phone ទូរស័ព្ទរួម ប្រើរួម ໂທລະສັບຮ່ວມ ໃຊ້ຮ່ວມກັນ",
    },
    "round": _WHO
    | _PLACES
    | {
        "amount": "amount sum ចំនួនប្រាក់ ទឹកប្រាក់ ប្រាក់ ຈຳນວນເງິນ ຈໍານວນເງິນ ເງິນ",
        "date": "date day payment_date កាលបរិច្ឆេទ ថ្ងៃបើកប្រាក់ ថ្ងៃ ວັນທີ ວັນຈ່າຍເງິນ ມື້ຈ່າຍ",
        "place": "payment_place paid_at កន្លែង កន្លែងបើកប្រាក់ ບ່ອນຈ່າຍ ສະຖານທີ່ຈ່າຍ ບ່ອນຮັບເງິນ",
        "agent": "agent ភ្នាក់ងារ អ្នកបើកប្រាក់ ຕົວແທນ ຜູ້ຈ່າຍ",
    },
    "areas": {
        "code": "code area_code លេខកូដ កូដ ລະຫັດ",
        "level": "level កម្រិត ຂັ້ນ",
        "parent": "parent parent_code កូដមេ ຂຶ້ນກັບ ລະຫັດຂັ້ນເທິງ",
        "kind": "kind type ប្រភេទ ປະເພດ",
        "name_km": "name_km khmer_name ឈ្មោះជាភាសាខ្មែរ ឈ្មោះខ្មែរ",
        "name_lo": "name_lo lao_name ຊື່ພາສາລາວ ຊື່ລາວ",
        "name_en": "name_en english_name latin_name ឈ្មោះឡាតាំង ឈ្មោះជាភាសាអង់គ្លេស ຊື່ພາສາອັງກິດ ຊື່ອັງກິດ",
        WHY: "why",
    },
}
"""Headings that are known without being told, by kind of list and column of ours; each word alone, `_` for a space."""
_ROW_NUMBERS = "no nr num number row ល.រ លរ ល.រ. លេខរៀង លំដាប់ ລ/ດ ລດ ລຳດັບ ລຳດັບທີ ລ.ດ"
"""Headings of the running number of a row, which is left out without being told."""
_NEEDED = {"people": (("id",),), "round": (("id", "phone", "name"),), "areas": (("code",), ("level",))}
"""Of each of these at least one column must be there."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of ours stands at each column of the file (None: not read), and what must be remembered of that."""

    columns: tuple[str | None, ...]
    said: Mapping[str, str]
    header: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return what tells lists with the same headings; the columns of the rejects do not count."""
        return key_of(self.header)

    def heading(self, column: str) -> str:
        """Return what the file calls a column of ours."""
        return next((h for h, ours in zip(self.header, self.columns, strict=True) if ours == column), column)


def key_of(header: Sequence[str]) -> str:
    """Return the headings as one text, the same however they are spaced or spelled; without those of rejects."""
    return "\x1f".join(word for word in map(_key, header) if word not in (OK, WHY))


def place_of(kind: str, header: Sequence[str], column: str) -> int | None:
    """Return at which place a list has a column of ours by one of its known headings, None where it has none."""
    known = {_key(word) for word in _WORDS[kind][column].split()}
    return next((place for place, cell in enumerate(header) if _key(cell) in known), None)


def understood(
    kind: str, header: Sequence[str], said: Mapping[str, str], remembered: Mapping[str, str] | None
) -> Headings:
    """Return what the headings mean; what is `said` goes before what is remembered, and that before known words.

    `said` maps headings, or columns of ours, to each other: `{"phone": "Tel. 1", "-": "Signature, Photo"}`. Raises
    `Refused` where a heading is unknown, stands twice, or one that is needed is missing.
    """
    keys = [_key(cell) for cell in header]
    told = _told(kind, keys, said) if said else dict(remembered or {})
    known = dict.fromkeys(map(_key, _ROW_NUMBERS.split()), LEFT_OUT)
    known |= {_key(word): ours for ours, words in _WORDS[kind].items() for word in words.split()}
    columns = [told.get(key) or (known.get(key) if known.get(key) not in told.values() else None) for key in keys]
    faults = _missing(kind, columns) + _unknown(kind, columns) + _twice(columns)
    if faults:
        raise Refused(*faults)
    read = tuple(None if ours in (LEFT_OUT, WHY) else ours for ours in columns)
    return Headings(read, told, tuple(header))


def _told(kind: str, keys: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    told: dict[str, str] = {}
    faults = []
    for ours, theirs in said.items():
        if ours not in _WORDS[kind] and ours != LEFT_OUT:
            why = f"there is no column of ours with this name; there are {_ours(kind)}, and - for one that is left out"
            faults.append(RowFault(0, ours, "", why))
        for heading in theirs.split(",") if ours == LEFT_OUT else [theirs]:
            if _key(heading) not in keys:
                faults.append(RowFault(1, ours, heading.strip(), "--map names a heading that the file does not have"))
            told[_key(heading)] = ours
    if faults:
        raise Refused(*faults)
    return told


def _missing(kind: str, columns: Sequence[str | None]) -> list[RowFault]:
    missing = [names for names in _NEEDED[kind] if not set(names) & set(columns)]
    why = "this column is missing; where it has another heading, say which with --map"
    return [RowFault(1, " or ".join(names), "", f"{why} {names[0]}=…") for names in missing]


def _unknown(kind: str, columns: Sequence[str | None]) -> list[RowFault]:
    # A file without a header has somebody's name here: it is not shown.
    why = f"there is no such column; known are {_ours(kind)}. Say what it is with --map OURS=HEADING, or -=HEADING"
    return [RowFault(1, f"column {n}", "", why) for n, ours in enumerate(columns, start=1) if ours is None]


def _twice(columns: Sequence[str | None]) -> list[RowFault]:
    twice = {ours for ours in columns if ours not in (None, LEFT_OUT) and columns.count(ours) > 1}
    return [RowFault(1, str(ours), "", "stands here twice") for ours in dict.fromkeys(columns) if ours in twice]


def _ours(kind: str) -> str:
    return ", ".join(name for name in _WORDS[kind] if name != WHY)


def _key(heading: str) -> str:
    return _NOT_LETTERS.sub("", normalise(heading))
