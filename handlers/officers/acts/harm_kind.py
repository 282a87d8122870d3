"""`/kind`: a focal point says what a sensitive case is; nothing of it is said back, since a lock screen may show it."""

from domain.harm import Harm
from handlers.cases import safeguarding
from handlers.officers.duty import Duty
from storage.queries.casework.cases import CaseRecord
from understanding.spelling.normal import loose_key

_WORDS = {
    Harm.SEA_SH: ("sea_sh", "sea", "sh", "project", "គម្រោង", "ໂຄງການ"),
    Harm.HOME: ("home", "ផ្ទះ", "គ្រួសារ", "ເຮືອນ", "ຄອບຄົວ"),
    Harm.CHILD: ("child", "កុមារ", "ក្មេង", "ເດັກ"),
    Harm.RETALIATION: ("retaliation", "revenge", "សងសឹក", "ແກ້ແຄ້ນ"),
    Harm.UNSORTED: ("unsorted", "មិនទាន់", "ຍັງ"),
}
_KINDS = {loose_key(word): kind for kind, words in _WORDS.items() for word in words}


def set_kind(duty: Duty, case: CaseRecord, words: str) -> None:
    """Set what a case is, by one word in any of the three languages."""
    kind = _KINDS.get(loose_key(words).strip())
    if kind is None or case.sensitive is None:
        duty.tell("officer_kind_unknown", case=case, ref=case.reference)
        return
    safeguarding.set_kind(duty.work, case, kind, duty.actor)
    duty.tell("officer_kind_kept", case=case, ref=case.reference)
