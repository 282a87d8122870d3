"""Words for days, months and money in Latin letters, and the native word that each stands for."""

from functools import lru_cache
from typing import Literal

import regex

from understanding.spelling.sounds import word_sound

Country = Literal["KH", "LA"]

_APOSTROPHES = regex.compile(r"['’‘`´]")

_MONEY = {
    "usd": "usd dollar dollars dollas dolar dolars dola dolla dollor bucks",
    "រៀល": "riel riels rial real reil khr",
    "ກີບ": "kip kips kib",
    "baht": "baht bahts thb",
    "thousand": "thousand thousands thousend",
    "million": "million millions milion mil mln mio",
    "hundred": "hundred hundreds",
}
"""Words of English and of every country's market, by their spelling."""

_EXACT: dict[Country, dict[str, str]] = {
    "KH": {
        "ខែ": "khe khae kae khee khaè",
        "ទី": "ti tee thi ty",
        "ថ្ងៃទី": "thngaiti tngaiti thngayti tngayti",
        "នេះ": "nis nih ni neh nes nhis nieh",
        "សែន": "saen sean",
        "រយ": "roy roi",
        "ស្អែក": "sek saaek",
        "មិញ": "minh menh manh meanh mign",
        "មួយ": "muoy mouy muy moy",
    },
    "LA": {
        "ວັນທີ": "vanthi wanthi vanti wanti",
        "ທີ": "thi ti thii",
        "ວັນ": "van wan",
        "ວານ": "vaan waan",
        "ມື້ອື່ນ": "meueun mueun mueuen muuen mueeun meuuen",
        "ມື້ນີ້": "meuni mueni muni meunee",
        "ມື້ວານ": "meuvan muevan meuwan muewan meuvaan mueavan meuavan",
        "ນີ້": "ni nee nii ny nih",
        "ຮື": "hue heu huu",
        "ໜ້າ": "na naa nah",
        "ຄົນ": "khon khone",
        "ແສນ": "saen sean xaen",
        "ຮ້ອຍ": "hoi hoy",
        "ບາດ": "bath bat",
        "ຈັນ": "chan jan",
        "ພັນ": "pan",
        "ທຸກ": "thuk thook tuk thouk",
    },
}
"""Words whose sound is also another word's (`ke`, they, sounds as `khe`, month): taken by their spelling alone."""

_SOUNDS: dict[Country, dict[str, str]] = {
    "KH": {
        "ថ្ងៃ": "thngai tngai thngay tngay thngei tngei thgnai tgnai",
        "មុន": "mun mon moun",
        "ក្រោយ": "kroy kraoy krauy krouy kroay",
        "ស្អែក": "saek sahek saeek sqek",
        "ខានស្អែក": "khansaek khansahek",
        "ខាន": "khan",
        "ម្សិល": "msel msil masel masil msul",
        "ម្សិលមិញ": "mselmenh mselminh msilmenh msilminh mselmanh",
        "រាល់": "rol roal",
        "កន្លះ": "kanlah konlah kanlas konlas",
        "នាក់": "nak neak",
        "ឆ្នាំ": "chnam chhnam",
        "ម៉ឺន": "mern muen meun muern moen",
        "ពាន់": "pon poan porn paon",
        "លាន": "lean lien lian",
        "រៀល": "riel real",
        "មករា": "makara meakara mokara meakra makra",
        "កុម្ភៈ": "kumpheak kompheak kumphea kumpeak",
        "មីនា": "mina minea meena",
        "មេសា": "mesa mesaa",
        "ឧសភា": "usaphea ousaphea osaphea osphea ousphea",
        "មិថុនា": "mithona mithuna mithonea mitona",
        "កក្កដា": "kakada kakkada kakeda karkada",
        "សីហា": "seiha siha seyha",
        "កញ្ញា": "kanha kagna kanhnha kanya",
        "តុលា": "tola tula tolea",
        "វិច្ឆិកា": "vichika vichheka vicheka vechika",
        "ធ្នូ": "thnu tnu thnou",
        "ចន្ទ": "chan chant chantr chanh",
        "អង្គារ": "angkea ankea angkear angkia angkeah",
        "ពុធ": "put puth pud",
        "ព្រហស្បតិ៍": "prohos prahos prohoas brohos prohoh",
        "សុក្រ": "sok sokr sukr",
        "សៅរ៍": "sao sav sau saov",
        "អាទិត្យ": "atit aatit artit atet",
    },
    "LA": {
        "ມື້": "meu mue mheu mu",
        "ອື່ນ": "eun uen euen aeun",
        "ຊືນ": "xeun seun suen",
        "ເດືອນ": "deuan duean duan deoan deun dueane",
        "ແລ້ວ": "leo laeo lew laew leaw leao",
        "ກ່ອນ": "kon korn",
        "ເຄິ່ງ": "kheung kerng khueng",
        "ປີ": "pi pee",
        "ພັນ": "phan phun",
        "ໝື່ນ": "muen meun mun mern",
        "ລ້ານ": "lan larn laan",
        "ກີບ": "kip",
        "ມັງກອນ": "mangkon mangkorn mangon",
        "ກຸມພາ": "kumpha kumpa koumpha",
        "ມີນາ": "mina meena",
        "ເມສາ": "mesa",
        "ພຶດສະພາ": "phutsapha phuetsapha peutsapha phudsapha phuedsapha",
        "ມິຖຸນາ": "mithuna mithouna",
        "ກໍລະກົດ": "kolakot kalakot korakot kolakod kolakoth",
        "ສິງຫາ": "singha singhaa",
        "ກັນຍາ": "kanya ganya",
        "ຕຸລາ": "tula toula",
        "ພະຈິກ": "phachik pajik phajik pachik",
        "ທັນວາ": "thanva thanwa tanwa thanvaa",
        "ອັງຄານ": "angkhan angkan",
        "ພຸດ": "phut put",
        "ພະຫັດ": "phahat pahat",
        "ສຸກ": "suk souk",
        "ເສົາ": "sao xao",
        "ອາທິດ": "athit arthit atit",
    },
}
"""Words by their sound (`word_sound`), in some of the spellings seen."""

_ENGLISH_WORDS = (
    "jan feb apr may jun jul aug sep sept oct nov dec march june july on the and to last next this day days month months "
    "today sun sat in of by per min mins men man mean moon fan fans fun learn shock put food foot pot roll can cant saw fish "
    "fix fee fees mr en pan keep phone going king gun pier pen pin mine main"
)
"""English words that stay as they are, whatever they sound like."""


@lru_cache(maxsize=8192)
def native_word(word: str, country: Country) -> str | None:
    """Return the native word that a lower-case Latin word stands for in a country, else None."""
    bare = _APOSTROPHES.sub("", word)
    if bare in _BY_SPELLING[country]:
        return _BY_SPELLING[country][bare]
    if bare in _ENGLISH or len(bare) < 2:
        return None
    return _BY_SOUND[country].get(word_sound(bare))


def _spelled(country: Country) -> dict[str, str]:
    listed = {**_MONEY, **_EXACT[country]}
    return {spelling: native for native, spellings in listed.items() for spelling in spellings.split()}


def _sounded(country: Country) -> dict[str, str]:
    return {
        word_sound(spelling): native for native, spellings in _SOUNDS[country].items() for spelling in spellings.split()
    }


_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_BY_SPELLING: dict[Country, dict[str, str]] = {"KH": _spelled("KH"), "LA": _spelled("LA")}
_BY_SOUND: dict[Country, dict[str, str]] = {"KH": _sounded("KH"), "LA": _sounded("LA")}
