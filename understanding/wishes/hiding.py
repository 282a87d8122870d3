"""Whether a text asks, among other words, that nobody learn who wrote it.

Built of not letting, a way of getting known, and oneself: `dont let the chief know it is me`. Where it is unsure it says
yes: an officer who misses a name can ask for it, and a name that was shown cannot be taken back.
"""

import re

from understanding.spelling.normal import loose_key
from understanding.wishes.answers import wants_no_name

_CLAUSE = re.compile(r"[.,;:!?។៖\n]+|(?<=[\u1780-\u17ff])\s+|\s+(?=[\u1780-\u17ff])|(?<=[\u0e80-\u0eff])\s+")


def hides_name(text: str) -> bool:
    """Tell whether a text asks, among other words or by itself, that no name be shown."""
    key = loose_key(text)
    if wants_no_name(text):
        return True
    if any(pattern.search(key) for letters, patterns in _HIDING if letters.search(key) for pattern in patterns):
        return True
    if _NAME.search(key) is None or _LISTS.search(key) is not None:
        return False
    clauses = [each for each in _CLAUSE.split(text) if each]
    return any(wants_no_name(each) for each in (clauses[:1] + clauses[-1:]))


def _any(*words: str) -> str:
    keys = sorted({loose_key(word) for word in words}, key=len, reverse=True)
    return "(?:" + "|".join(r"\s*".join(map(re.escape, key.split())) for key in keys) + ")"


def _said(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts))


_NAME = _said(_any("name", "chmo", "chmu", "chhmo", "seu", "xeu", "xu", "su", "ឈ្មោះ", "ຊື່"))
_LISTS = _said(
    _any(
        "list",
        "banhchi",
        "bangxi",
        "banxi",
        "banchi",
        "បញ្ជី",
        "បញ្ចី",
        "បញ្ជិ",
        "បន្ជី",
        "ប័ណ្ណ",
        "ບັນຊີ",
        "ລາຍຊື່",
        "ປະກາດ",
        "ບໍ່ມີຊື່",
        "mi seu",
        "mi xeu",
        "mi xu",
    )
)
"""Where lists are spoken of, or a name that is not there, a missing name is a complaint."""

# English
_I = r"(?:^|[.,;:!?]\s*|\b(?:please|pls|plz|but|and|so|also|just|i|we|u|you)\s+)"
_NOT = r"(?:dont|don't|do not|never)"
_LET_NOBODY = rf"(?:{_NOT} (?:want|let|like|wish)|(?:nobody|no one|noone|none)\b)"
_HER = (
    r"(?:my (?:name|identity|number)|who i am|who (?:wrote|said|told|sent)|(?:it ?i?s|it was) me|its me|that i\b|about me"
    r"|i (?:told|wrote|said|sent|complain\w*|report\w*))"
)
_TELL = r" (?:tell|say|show|use|give|write|put|share|mention|reveal|disclose|expose|print|publish)(?: [\w']+){0,4} "
_ENGLISH = (
    _said(_LET_NOBODY, r"(?: [\w']+){0,5} (?:know|see|find out|learn|hear)(?: [\w']+){0,3} ", _HER),
    _said(_I, _NOT, _TELL, _HER),
    _said(_I, _NOT, r" (?:mention|name|reveal|expose|identify) me\b"),
    _said(r"\b(?:keep|hide|leave|stay|remain|be)\b(?: [\w']+){0,4} (?:anonymous|hidden|confidential|nameless|unnamed)"),
    _said(r"\b(?:keep|hold)\b (?:my name|me|this|it|that)\b(?: [\w']+){0,3} (?:secret|private|between us)"),
    _said(r"\b(?:hide|without|leave out|conceal|cover|withhold) (?:my|our) (?:name|number|identity)"),
    _said(r"(?<!not )\banonymous(?:ly)?\b"),
)

# Khmer, in its own letters and in Latin ones
_KM_NOT = (
    _any("កុំ", "ហាមកុំ")
    + r"|(?:^|[\s.,!?។])"
    + _any("មិនចង់", "អត់ចង់", "មិនឲ្យ")
    + "|"
    + _any("ខ្ញុំមិនចង់", "ខ្ញុំអត់ចង់", "យើងមិនចង់", "សុំមិន", "សូមមិន")
)
_KM_KNOWN = _any(
    "ដឹង", "ស្គាល់", "ប្រាប់", "បញ្ចេញ", "បង្ហាញ", "និយាយ", "ដាក់", "សរសេរ", "ឃើញ", "ហៅ", "បង្ហើប", "ផ្សាយ", "លាតត្រដាង", "ប្រើ"
)
_KM_HER = _any(
    *("ឈ្មោះ", "ថាខ្ញុំ", "ជាខ្ញុំ", "អត្តសញ្ញាណ", "លេខខ្ញុំ", "ខ្ញុំជា", "ខ្ញុំប្ដឹង", "ខ្ញុំនិយាយ", "ខ្ញុំផ្ញើ", "ខ្ញុំសរសេរ", "ខ្ញុំប្រាប់", "ខ្ញុំរាយការណ៍"),
    *("អ្នកណាផ្ញើ", "អ្នកណាប្ដឹង", "នរណាប្ដឹង", "នរណាផ្ញើ", "អ្នកផ្ញើ", "អ្នកប្ដឹង", "ថាយើង"),
)  # fmt: skip
_KHMER = (
    _said(f"(?:{_KM_NOT})", ".{0,18}?", _KM_KNOWN, ".{0,18}?", _KM_HER),
    _said(f"(?:{_KM_NOT})", ".{0,12}?", _any("ស្គាល់ខ្ញុំ", "ដឹងខ្ញុំ")),
    _said(_any("លាក់", "បិទបាំង", "បិទ", "រក្សា"), r"\s*", _any("ឈ្មោះខ្ញុំ", "អត្តសញ្ញាណ", "ឈ្មោះផង", "ឈ្មោះឲ្យ", "ឈ្មោះជា", "ឈ្មោះអ្នកប្ដឹង")),
    _said(_any("សូម", "សុំ"), ".{0,6}?", _any("លាក់", "បិទបាំង"), r"\s*", _any("ឈ្មោះ")),
    _said(_any("រក្សា", "ទុក"), ".{0,22}?", f"(?<!{_any('លេខ')})", _any("សម្ងាត់")),
)  # fmt: skip
_KL_NOT = r"\b(?:k[ou]o?m+|(?:min|mn|men|ort|ot|at|ert) ?(?:chong|jong|chorng|chng|jg))\b"
_KL_KNOWN = r"(?:d[eou]+ng|[bp]r[aoe]+[bp]|bong ?h[ae]+r?nh?|sk[oau]+r?l|dak|niy[ea]+y|b[oa]nh? ?ch[ea]nh?|khernh|kheunh|sorser)"
_KL_I = r"(?:k?h?[nñ]h?[oyu]+m+|k?nh?om|kh?yom|nhom|yerng|yeung)"
_KL_DOES = r"(?:chea|p[td]?eng|[bp]deu?ng|[bp]derng|[bp]ra[bp]|niy|ph?nher|pnher|sorser)"
_KL_HER = rf"(?:ch+h?m[uo]+a?[sh]*\b|tha ?(?:chea|jea|ja)? ?{_KL_I}|{_KL_I} ?{_KL_DOES}|leik? {_KL_I}|neak ?(?:p|b)d)"
_KHMER_LATIN = (
    _said(_KL_NOT, r".{0,16}?\b", _KL_KNOWN, r"\b.{0,16}?\b", _KL_HER),
    _said(_KL_NOT, r".{0,14}?\bsk[oau]+r?l ", _KL_I),
    _said(r"\bl[ea]+k ?(?:ch+h?m[uo]+a?[sh]*)\b"),
)

# Lao, in its own letters and in Latin ones
# The key drops tones: without this *do not* would stand in *want*.
_LO_NOT = f"(?:{_any('ຢ່າ')}(?!{_any('ກ')})|{_any('ບໍ່ຢາກ', 'ບໍ່ໃຫ້', 'ຫ້າມ')})"
_LO_KNOWN = _any("ຮູ້", "ຮູ້ຈັກ", "ບອກ", "ເປີດເຜີຍ", "ເຜີຍ", "ເຫັນ", "ເວົ້າ", "ແຈ້ງ", "ລະບຸ")
_LO_HER = _any(
    *("ຊື່", "ວ່າແມ່ນຂ້ອຍ", "ແມ່ນຂ້ອຍ", "ວ່າຂ້ອຍ", "ຂ້ອຍເປັນຄົນ", "ຂ້ອຍເປັນຜູ້", "ແມ່ນໃຜ", "ໃຜສົ່ງ", "ໃຜຟ້ອງ", "ໃຜບອກ", "ຜູ້ສົ່ງ", "ເບີຂ້ອຍ", "ຕົວຕົນ"),
    *("ວ່າແມ່ນພວກ", "ຊື່ຂ້ອຍ", "ຊື່ຂ້າພະເຈົ້າ", "ວ່າຂ້າພະເຈົ້າ", "ຂ້ອຍຟ້ອງ", "ຂ້ອຍແຈ້ງ"),
)  # fmt: skip
_LAO = (
    _said(_LO_NOT, ".{0,16}?", _LO_KNOWN, ".{0,14}?", _LO_HER),
    _said(_any("ຢ່າ", "ບໍ່ຢາກ", "ຂໍບໍ່", "ບໍ່ຕ້ອງ", "ຂ້ອຍບໍ່"), r"\s*", _any("ອອກຊື່", "ໃສ່ຊື່", "ຂຽນຊື່", "ລົງຊື່", "ບອກຊື່")),
    _said(_any("ຢ່າເອົາຊື່"), ".{0,10}?", _any("ໃສ່", "ລົງ", "ອອກອາກາດ", "ບອກ")),
    _said(_any("ຂໍ", "ຊ່ວຍ", "ກະລຸນາ", "ໃຫ້", "ຢາກ"), ".{0,6}?", _any("ປິດຊື່", "ປິດບັງຊື່", "ປົກປິດຊື່", "ເຊື່ອງຊື່", "ປິດລັບຊື່")),
    _said(_any("ປິດ", "ປິດບັງ", "ປົກປິດ", "ເຊື່ອງ"), r"\s*", _any("ຊື່ຂ້ອຍ", "ຊື່ຂ້າພະເຈົ້າ", "ເບີຂ້ອຍ")),
    _said(_any("ຮັກສາ", "ເກັບ", "ປິດ"), ".{0,14}?", _any("ຄວາມລັບ", "ເປັນລັບ")),
)  # fmt: skip
_LL_NOT = r"\b(?:ya+h?r?|b[oa]r? ?(?:ya+[rk]k?|ha+[iy]))\b"
_LL_KNOWN = r"(?:hu+|hoo|ru|bo+k|bawk|vao|wao|hen|p[eo]+d ?ph?[eo]+y)"
_LL_I = r"(?:kh?[ou]+[iy]|koy)"
_LL_HER = rf"(?:(?:x|s|z)[euw]+\b|(?:[vw]a ?)?m(?:ae|e)n ?(?:{_LL_I}|ph?[ah]+i)|[vw]a {_LL_I}|{_LL_I} pen|phai song|ber {_LL_I})"
_LAO_LATIN = (
    _said(_LL_NOT, r".{0,20}?\b", _LL_KNOWN, r"\b.{0,14}?\b", _LL_HER),
    _said(rf"\b(?:b[oa]r?|ya+h?) ?(?:yak )?(?:ork|ok|aok|oak|awk|bork) ?(?:x|s|z)[euw]+\b(?! {_LL_I})"),
    _said(rf"\bpit ?(?:bang)? ?(?:x|s|z)[euw]+ ?{_LL_I}"),
)

_HIDING = (
    (re.compile("[a-z]"), (*_ENGLISH, *_KHMER_LATIN, *_LAO_LATIN)),
    (re.compile("[\u1780-\u17ff]"), _KHMER),
    (re.compile("[\u0e80-\u0eff]"), _LAO),
)
