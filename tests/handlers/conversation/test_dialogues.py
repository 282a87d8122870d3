"""The dialogues that the project was designed by, played word for word in Khmer and Lao through the handlers."""

import re
from datetime import timedelta

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from storage import Store
from storage.queries.casework import cases
from tests.support.world import World, new_world

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
DAYS = {"km": "10/3", "lo": "11/3"}
"""Five working days after the start; in Laos Women's Day, a Sunday in 2026, is made up for on the Monday."""

KM = {
    "complaint": "លុយអត់ទាន់ចូលទេ ៣ខែហើយ",
    "receipt": "បានទទួលសារហើយ។ លេខ R។ យើងឆ្លើយមុន D។ អ្នកនៅឃុំណា? តបឈ្មោះឃុំ ឬមិនបាច់តប។ ចង់ឲ្យខលទៅ សរសេរម៉ោង។",
    "notice": "មានតែអ្នកដោះស្រាយទើបឃើញសារ។ មិនបង្ហាញឈ្មោះ សរសេរ «គ្មានឈ្មោះ»។ កុំផ្ញើលេខ PIN។ ឈប់ទទួលសារ សរសេរ STOP។ អាសន្ន ខល 117។",
    "place": "ស្រែខ្វាវ",
    "which": "មានពីរកន្លែង៖ 1 ស្រែខ្វាវ អង្គរជុំ 2 ស្រែខ្វាវ វ៉ារិន។ តប 1 ឬ 2។",
    "one": "១",
    "two": "២",
    "placed": "អរគុណ។ បានកត់ ឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ។",
    "abuse": "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច",
    "what is this": "លេខនេះអី?",
    "help": "នេះជាលេខព័ត៌មានគម្រោង៖ ថ្ងៃប្រជុំ សំណួរ និងមតិ។ សរសេរអ្វីក៏បាន។ អាសន្ន ខល 117។",
    "where is mine": "រឿងខ្ញុំដល់ណាហើយ?",
    "send reference": "សូមផ្ញើលេខ LP-… ដែលបានទទួល ឬសរសេរម្ដងទៀត។",
    "call me": "ខលព្រឹក ៨ ដល់ ១០",
    "noted": "អរគុណ បានកត់ហើយ។",
    "stop in fear": "សូមកុំផ្ញើមកទៀត ប្ដីខ្ញុំឃើញសារហើយទះខ្ញុំ",
    "stop": "ឈប់",
    "stopped": "បានឈប់ផ្ញើសារហើយ។ ចង់ទទួលវិញ សរសេរ START។",
    "started": "បានបើកវិញហើយ។ ឈប់ សរសេរ STOP។",
    "chief": "មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ កុំឲ្យគាត់ដឹង",
    "chief safe": "សារនេះ មានតែថ្នាក់ស្រុកឃើញ។ យើងមិនបង្ហាញឈ្មោះ និងលេខអ្នកទេ តែរឿងដែលអ្នកសរសេរ អាចឲ្យគេស្គាល់។ "
    "បើមានគេគំរាម សរសេរមក។",
    "pin": "លេខសម្ងាត់ខ្ញុំ 4821 ចូលមិនបាន",
    "pin warning": "កុំប្រាប់លេខសម្ងាត់ដល់អ្នកណា។ យើងបានលាក់វាហើយ។ សូមប្ដូរលេខសម្ងាត់ឆាប់។ លេខ R។ យើងឆ្លើយមុន D។",
    "status": "លេខ R៖ ឥឡូវនៅអ្នកសម្របសម្រួល។ យើងឆ្លើយមុន D។",
    "slip": "លេខនេះមិនត្រូវ។ R មែនទេ? 1 មែន 2 មិនមែន",
    "other phone": "សូមផ្ញើពីទូរស័ព្ទដែលសរសេរមកដំបូង ឬសួរមន្ត្រីផ្ទាល់។",
    "solved?": "លេខ R៖ រួចហើយឬនៅ? 1 រួច 2 មិនទាន់។ មិនតបទេ អ្នកនៅតែអាចប្រាប់យើងវិញ រហូតដល់ D។",
    "last level": "ថ្នាក់ជាតិសម្រេចហើយ។ អ្នកទៅតុលាការបានគ្រប់ពេល ឬធនាគារពិភពលោក៖ grievances@worldbank.org។ ត្រូវការជំនួយ តប 1។",
    "new": "ថ្មី [1] R · ប្រាក់មិនបាន · ស្រែខ្វាវ · ឆ្លើយមុន D",
    "answer": "បើកប្រាក់ថ្ងៃសុក្រ នៅសាលាឃុំ",
    "send?": "ផ្ញើទៅអ្នកសរសេរ? «បើកប្រាក់ថ្ងៃសុក្រ នៅសាលាឃុំ»",
    "send": "ផ្ញើ",
    "keep": "ទុកជាកំណត់ចំណាំ",
    "held": "នឹងផ្ញើក្នុង 60 វិនាទី។",
    "undo": "យកវិញ",
    "solve by sms": "រួច 1 បានបើកប្រាក់",
    "confirm": "ចង់បិទ R មែនទេ? តបលេខ CODE ក្នុង 10 នាទី។",
    "asking": "បានកត់។ កំពុងសួរអ្នកសរសេរ។",
    "late number": "សំណួរនោះហួសពេលហើយ។ ចង់ប្រាប់អ្វី សូមសរសេរជាពាក្យ។",
    "survey": "ការបើកប្រាក់ខែ 11៖ អ្នកបានទទួលហើយឬនៅ? 1 បានគ្រប់ 2 មិនបាន 3 បានខ្វះ។ មិនតបក៏បាន។",
    "survey echo": "អ្នកតប 1 = បានគ្រប់។ បើខុស សរសេរ «ខុស»។ អរគុណ។",
    "take up?": "ចង់ឲ្យយើងពិនិត្យទេ? 1 ពិនិត្យ មិនបង្ហាញឈ្មោះ 2 ពិនិត្យ បង្ហាញឈ្មោះបាន 3 ប្រាប់ឲ្យដឹងប៉ុណ្ណោះ",
    "how much": "លេខ R។ ឆ្លើយមុន D។ អ្នកបានទទួលប៉ុន្មាន? តបជាលេខ ឬមិនបាច់តប។",
    "wrong": "ខុស",
}
LO = {
    "complaint": "ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ",
    "receipt": "ໄດ້ຮັບຂໍ້ຄວາມແລ້ວ. ເລກ R. ພວກເຮົາຈະຕອບກ່ອນ D. ທ່ານຢູ່ບ້ານໃດ? ຕອບຊື່ບ້ານ ຫຼື ບໍ່ຕອບກໍໄດ້. ຢາກໃຫ້ໂທຫາ ຂຽນໂມງມາ.",
    "notice": "ມີແຕ່ຜູ້ແກ້ໄຂເຫັນຂໍ້ຄວາມ. ບໍ່ໃຫ້ເຫັນຊື່ ຂຽນ «ບໍ່ອອກຊື່». ຢ່າສົ່ງລະຫັດ PIN. ເຊົາຮັບຂໍ້ຄວາມ ຂຽນ STOP. ເຫດດ່ວນ ໂທ 1191.",
    "place": "ນາຫວາຍ",
    "which": "ມີສອງບ່ອນ: 1 ບ້ານນາຫວາຍ ເມືອງຄູນ 2 ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ. ຕອບ 1 ຫຼື 2.",
    "one": "໑",
    "two": "໒",
    "placed": "ຂອບໃຈ. ບັນທຶກແລ້ວ ບ້ານນາຫວາຍ ເມືອງຄູນ.",
    "abuse": "ລາວໃຫ້ຂ້ອຍໄປຫາຕອນກາງຄືນ ຈຶ່ງຈະເຊັນໃຫ້ ຂ້ອຍຢ້ານ",
    "what is this": "ເບີນີ້ແມ່ນຫຍັງ?",
    "help": "ນີ້ແມ່ນເບີຂໍ້ມູນໂຄງການ: ວັນປະຊຸມ, ຄຳຖາມ ແລະ ຄຳເຫັນ. ຂຽນຫຍັງມາກໍໄດ້. ເຫດດ່ວນ ໂທ 1191.",
    "where is mine": "ເລື່ອງຂ້ອຍຮອດໃສແລ້ວ?",
    "send reference": "ກະລຸນາສົ່ງເລກ LP-… ທີ່ໄດ້ຮັບ ຫຼື ຂຽນມາໃໝ່.",
    "call me": "ໂທຕອນເຊົ້າ 8 ຫາ 10",
    "noted": "ຂອບໃຈ ບັນທຶກແລ້ວ.",
    "stop in fear": "ຢ່າສົ່ງມາອີກ ຜົວເຫັນແລ້ວຕົບຂ້ອຍ",
    "stop": "ເຊົາ",
    "stopped": "ເຊົາສົ່ງຂໍ້ຄວາມແລ້ວ. ຢາກຮັບຄືນ ຂຽນ START.",
    "started": "ເປີດຄືນແລ້ວ. ຢາກເຊົາ ຂຽນ STOP.",
    "chief": "ນາຍບ້ານເກັບເງິນ 50 ພັນ ຈຶ່ງຂຽນຊື່ໃຫ້ ຢ່າໃຫ້ລາວຮູ້",
    "chief safe": "ຂໍ້ຄວາມນີ້ ມີແຕ່ຂັ້ນເມືອງເຫັນ. ພວກເຮົາບໍ່ໃຫ້ເຫັນຊື່ ແລະ ເບີ ແຕ່ເລື່ອງທີ່ຂຽນ ອາດເຮັດໃຫ້ຄົນຮູ້. ຖ້າມີຄົນຂົ່ມຂູ່ ຂຽນມາ.",
    "pin": "ລະຫັດຂ້ອຍ 4821 ເຂົ້າບໍ່ໄດ້",
    "pin warning": "ຢ່າບອກລະຫັດໃຫ້ໃຜ. ພວກເຮົາເຊື່ອງມັນແລ້ວ. ກະລຸນາປ່ຽນລະຫັດໄວໆ. ເລກ R. ຈະຕອບກ່ອນ D.",
    "status": "ເລກ R: ດຽວນີ້ຢູ່ຜູ້ປະສານງານ. ຈະຕອບກ່ອນ D.",
    "slip": "ເລກນີ້ບໍ່ຖືກ. R ແມ່ນບໍ? 1 ແມ່ນ 2 ບໍ່ແມ່ນ",
    "other phone": "ກະລຸນາສົ່ງຈາກໂທລະສັບທີ່ຂຽນມາຄັ້ງທຳອິດ ຫຼື ຖາມພະນັກງານໂດຍກົງ.",
    "solved?": "ເລກ R: ແກ້ໄຂແລ້ວບໍ? 1 ແລ້ວ 2 ຍັງ. ບໍ່ຕອບ ທ່ານຍັງບອກພວກເຮົາຄືນໄດ້ ຮອດ D.",
    "last level": "ຂັ້ນສູນກາງຕັດສິນແລ້ວ. ທ່ານໄປສານໄດ້ທຸກເວລາ ຫຼື ທະນາຄານໂລກ: grievances@worldbank.org. ຕ້ອງການຄວາມຊ່ວຍເຫຼືອ ຕອບ 1.",
    "new": "ໃໝ່ [1] R · ບໍ່ໄດ້ເງິນ · ບ້ານນາຫວາຍ · ຕອບກ່ອນ D",
    "answer": "ຈ່າຍເງິນວັນສຸກ ຢູ່ຫ້ອງການເມືອງ",
    "send?": "ສົ່ງໃຫ້ຜູ້ຂຽນບໍ? «ຈ່າຍເງິນວັນສຸກ ຢູ່ຫ້ອງການເມືອງ»",
    "send": "ສົ່ງ",
    "keep": "ເກັບເປັນບັນທຶກ",
    "held": "ຈະສົ່ງໃນ 60 ວິນາທີ.",
    "undo": "ຖອນຄືນ",
    "solve by sms": "ແລ້ວ 1 ຈ່າຍເງິນແລ້ວ",
    "confirm": "ປິດ R ແມ່ນບໍ? ຕອບເລກ CODE ພາຍໃນ 10 ນາທີ.",
    "asking": "ບັນທຶກແລ້ວ. ກຳລັງຖາມຜູ້ຂຽນ.",
    "late number": "ຄຳຖາມນັ້ນໝົດເວລາແລ້ວ. ຢາກບອກຫຍັງ ຂຽນເປັນຄຳເວົ້າ.",
    "survey": "ເງິນຮອບເດືອນ 11: ທ່ານໄດ້ຮັບແລ້ວບໍ? 1 ໄດ້ຄົບ 2 ບໍ່ໄດ້ 3 ໄດ້ບໍ່ຄົບ. ບໍ່ຕອບກໍໄດ້.",
    "survey echo": "ທ່ານຕອບ 1 = ໄດ້ຄົບ. ຖ້າຜິດ ຂຽນ «ຜິດ». ຂອບໃຈ.",
    "take up?": "ຢາກໃຫ້ພວກເຮົາກວດບໍ? 1 ກວດ ບໍ່ອອກຊື່ 2 ກວດ ອອກຊື່ໄດ້ 3 ພຽງແຕ່ແຈ້ງໃຫ້ຮູ້",
    "how much": "ເລກ R. ຈະຕອບກ່ອນ D. ທ່ານໄດ້ຮັບເທົ່າໃດ? ຕອບເປັນຕົວເລກ ຫຼື ບໍ່ຕອບກໍໄດ້.",
    "wrong": "ຜິດ",
}


class Play:
    """A dialogue being played: the world, the words of its language, and the reference once it is known."""

    def __init__(self, world: World, words: dict[str, str]) -> None:
        self.world, self.words = world, words
        self.reference = "R"

    def __call__(self, key: str, day: str | None = None) -> str:
        """Return the words of a line with reference and day filled in."""
        day = day or DAYS["km" if self.words is KM else "lo"]
        return re.sub(r"\bR\b", self.reference, self.words[key]).replace(" D", f" {day}")

    def complain(self, phone_number: str = "+85512345678", channel: Channel = Channel.SMS) -> None:
        """Let a person complain and say where she lives."""
        phone = self.world.phone(phone_number, channel)
        receipt = phone.writes(self.words["complaint"])[0]
        self.reference = REFERENCE.findall(receipt)[0]
        phone.writes(self.words["place"])
        phone.writes(self.words["one"])


@pytest.fixture(params=["km", "lo"])
def play(request: pytest.FixtureRequest, store: Store) -> Play:
    """A play in each language on each database."""
    return Play(new_world(store, "leap" if request.param == "km" else "rrpm"), KM if request.param == "km" else LO)


@pytest.mark.parametrize("channel", list(Channel))
def test_1_a_complaint_and_the_place_is_asked(play: Play, channel: Channel) -> None:
    she = play.world.phone("+85512345678", channel)
    receipt, notice = she.writes(play.words["complaint"])
    play.reference = REFERENCE.findall(receipt)[0]
    assert receipt == play("receipt")
    assert notice == play("notice")
    assert she.writes(play.words["place"]) == [play("which")]
    assert she.writes(play.words["one"]) == [play("placed")]


def test_1_the_notice_comes_at_first_contact_only(play: Play) -> None:
    she = play.world.phone()
    she.writes(play.words["complaint"])
    play.world.pass_time(days=1)
    receipt, same_matter = she.writes(play.words["complaint"])
    assert play("notice") not in (receipt, same_matter)


def test_2_abuse_on_a_shared_phone(play: Play) -> None:
    she = play.world.phone()
    receipt, notice = she.writes(play.words["abuse"])
    play.reference = REFERENCE.findall(receipt)[0]
    assert (receipt, notice) == (play("receipt"), play("notice"))
    assert she.writes(play.words["what is this"]) == [play("help")]
    assert she.writes(play.words["where is mine"]) == [play("send reference")]
    assert she.writes(play.reference) == [play("other phone")]
    assert she.writes(play.words["call me"]) == [play("noted")]
    with play.world.store.reading() as tx:
        case = cases.by_reference(tx, play.reference)
    assert case is not None
    assert case.sensitive is not None
    assert case.call_hours == [8, 10]


def test_2_nobody_but_the_focal_points_learns_of_it(play: Play) -> None:
    she = play.world.phone()
    play.reference = REFERENCE.findall(she.writes(play.words["abuse"])[0])[0]
    she.writes(play.words["place"])
    play.world.pass_time(days=30)
    for name in play.world.staff:
        officer = play.world.officer(name)
        if name.startswith("focal"):
            assert any(play.reference in text for text in officer.texts)
            assert not any(play.words["abuse"] in text for text in officer.texts)
        else:
            assert not any(play.reference in text for text in officer.texts), name
            unknown = officer.writes("/case LP-ZZZZ-Z1")
            known = officer.writes(f"/case {play.reference}")
            assert [text.replace("LP-ZZZZ-Z1", play.reference) for text in unknown] == known


def test_3_stop_in_fear_is_not_confirmed(play: Play) -> None:
    she = play.world.phone()
    she.writes(play.words["complaint"])
    assert she.writes(play.words["stop in fear"]) == []
    focal = play.world.officer("focal one")
    assert len(focal.texts) == 1
    assert len(play.world.officer("desk").texts) == 1
    play.world.pass_time(days=20)
    assert len(she.texts) == 2


def test_3_stop_and_start(play: Play) -> None:
    she = play.world.phone()
    assert she.writes(play.words["stop"]) == [play("stopped")]
    assert she.writes("START") == [play("started")]


def test_4_the_chief_is_named(play: Play) -> None:
    she = play.world.phone()
    receipt, notice, safe = she.writes(play.words["chief"])
    play.reference = REFERENCE.findall(receipt)[0]
    assert (receipt, notice, safe) == (play("receipt"), play("notice"), play("chief safe"))
    she.writes(play.words["place"])
    she.writes(play.words["one"])
    for name in ("facilitator", "chief", "neighbour"):
        if name in play.world.staff:
            assert play.world.officer(name).texts == []
            assert play.reference not in "".join(play.world.officer(name).writes("/cases all"))
    assert any(play.reference in text for text in play.world.officer("district").texts)


def test_5_less_money_makes_a_case_and_a_pin_is_hidden(play: Play) -> None:
    she = surveyed(play)
    assert she.texts[-1] == play("survey")
    assert she.writes("៣" if play.words is KM else "໓") == [play("take up?")]
    (receipt,) = she.writes("1")
    play.reference = REFERENCE.findall(receipt)[0]
    day = re.search(r"\d+/\d+", receipt)
    assert day is not None
    assert receipt == play("how much", day[0])
    (warning,) = she.writes(play.words["pin"])
    assert warning == play("pin warning", day[0])
    officer = play.world.officer("facilitator")
    officer.writes(f"/case {play.reference}")
    words = "".join(officer.taps(officer.received[-1].buttons[0][0].label))
    assert "4821" not in words
    assert "••••" in words


def test_6_status(play: Play) -> None:
    play.complain()
    she, other = play.world.phone(), play.world.phone("+85512999999")
    assert she.writes(play.reference) == [play("status")]
    assert she.writes(play.reference.lower().replace("-", " ")) == [play("status")]
    slip = play.reference[:-1] + ("A" if play.reference[-1] != "A" else "B")
    assert she.writes(slip) == [play("slip")]
    assert she.writes(play.words["one"]) == [play("status")]
    assert other.writes(play.reference) == [play("other phone")]
    assert other.writes("LP-1234-56") == [play("other phone")]


def test_7_not_solved_up_to_the_last_level(play: Play) -> None:
    play.complain()
    she = play.world.phone()
    ladder = [name for name in ("facilitator", "chief", "district", "province", "nation") if name in play.world.staff]
    for name, above in zip(ladder, [*ladder[1:], None], strict=True):
        officer = play.world.officer(name)
        assert officer.writes(f"/resolve {play.reference} {play.words['answer']}") == [play("asking")]
        play.world.pass_time(seconds=61)
        decision, question = she.texts[-2:]
        assert play.words["answer"] in decision
        day = re.findall(r"\d+/\d+", question)[-1]
        assert question == play("solved?", day)
        (told,) = she.writes(play.words["two"])
        if above is None:
            assert told == play("last level")
        else:
            assert any(play.reference in text for text in play.world.officer(above).texts)
        play.world.pass_time(days=1)
    assert len(she.writes("1")) == 1
    assert any(play.reference in text for text in play.world.officer("desk").texts)


def test_7_solved(play: Play) -> None:
    play.complain()
    play.world.officer("facilitator").writes(f"/resolve 1 {play.words['answer']}")
    play.world.pass_time(seconds=61)
    she = play.world.phone()
    (thanks,) = she.writes(play.words["one"])
    assert play.reference in thanks
    with play.world.store.reading() as tx:
        case = cases.by_reference(tx, play.reference)
    assert case is not None
    assert (case.status, case.confirmed) == ("closed", True)


def test_8_an_officer_answers_by_telegram(play: Play) -> None:
    play.complain()
    she, officer = play.world.phone(), play.world.officer("facilitator")
    assert officer.texts == [play("new")]
    assert officer.replies_to_last(play.words["answer"]) == [play("send?")]
    assert [button.label for row in officer.received[-1].buttons for button in row] == [
        play.words["send"],
        play.words["keep"],
    ]
    assert officer.taps(play.words["send"]) == [play("held")]
    assert not any(play.words["answer"] in text for text in she.texts)
    play.world.pass_time(seconds=61)
    assert play.words["answer"] in she.texts[-1]


def test_8_an_answer_is_taken_back(play: Play) -> None:
    play.complain()
    officer = play.world.officer("facilitator")
    officer.replies_to_last(play.words["answer"])
    officer.taps(play.words["send"])
    assert len(officer.taps(play.words["undo"])) == 1
    play.world.pass_time(minutes=5)
    assert not any(play.words["answer"] in text for text in play.world.phone().texts)
    assert len(officer.taps(play.words["undo"])) == 1


def test_8_a_remark_kept_as_a_note_never_reaches_her(play: Play) -> None:
    play.complain()
    officer = play.world.officer("facilitator")
    officer.replies_to_last(play.words["answer"])
    officer.taps(play.words["keep"])
    officer.taps(play.words["send"])
    play.world.pass_time(minutes=5)
    assert not any(play.words["answer"] in text for text in play.world.phone().texts)


def test_8_an_officer_solves_by_sms(play: Play) -> None:
    language = Language.KM if play.words is KM else Language.LO
    area = "170107" if play.words is KM else "090101"
    officer = play.world.add_officer("by sms", Level.FACILITATOR, area, language=language, channel=Channel.SMS)
    play.complain()
    assert play.reference not in officer.texts[-1]
    (confirm,) = officer.writes(play.words["solve by sms"])
    code = re.findall(r"\b\d{4}\b", confirm.replace(play.reference, ""))[0]
    assert confirm == play("confirm").replace("CODE", code)
    assert len(officer.writes("0000" if code != "0000" else "1111")) == 1
    assert len(play.world.phone().texts) == 4
    assert officer.writes(code) == [play("asking")]
    assert officer.writes(code) != [play("asking")]


def test_8_a_code_runs_out(play: Play) -> None:
    language = Language.KM if play.words is KM else Language.LO
    area = "170107" if play.words is KM else "090101"
    officer = play.world.add_officer("by sms", Level.FACILITATOR, area, language=language, channel=Channel.SMS)
    play.complain()
    code = re.findall(r"\b\d{4}\b", officer.writes(play.words["solve by sms"])[0].replace(play.reference, ""))[0]
    play.world.now += timedelta(minutes=11)
    assert officer.writes(code) != [play("asking")]
    assert len(play.world.phone().texts) == 4


def test_10_a_number_in_time_is_said_back_and_taken_back(play: Play) -> None:
    she = surveyed(play)
    assert she.writes(play.words["one"]) == [play("survey echo")]
    assert len(she.writes(play.words["wrong"])) == 1


def test_10_a_late_number_is_told_so(play: Play) -> None:
    she = surveyed(play)
    play.world.pass_time(days=5)
    assert she.writes(play.words["two"]) == [play("late number")]


def test_10_an_overdue_case_goes_up_and_over_a_vacant_post(play: Play) -> None:
    play.complain()
    world = play.world
    if play.words is KM:
        _leaves(world, "chief")
    else:
        _leaves(world, "district")
    she, officer, desk = world.phone(), world.officer("facilitator"), world.officer("desk")
    world.pass_time(days=9)
    if play.words is KM:
        assert she.texts[-1] == play("escalated km", _day(she.texts[-1]))
        assert officer.texts[-1] == f"{play.reference} ហួសពេល បានបន្តទៅស្រុក។ អ្នកនៅតែអាចកត់ចំណាំ។"
        assert desk.texts[-1] == f"ស្រែខ្វាវ គ្មានអ្នកទទួលការងារ។ {play.reference} ទៅស្រុក។ សូមតែងតាំងអ្នកថ្មី។"
        assert play.reference in world.officer("district").texts[-1]
    else:
        assert play.reference in she.texts[-1]
        assert play.reference in officer.texts[-1]
        assert play.reference in desk.texts[-1]
        assert play.reference in world.officer("province").texts[-1]


def test_10_an_overdue_case_goes_to_the_district_in_lao(store: Store) -> None:
    play = Play(new_world(store, "rrpm"), LO)
    play.complain()
    play.world.pass_time(days=9)
    she, officer = play.world.phone(), play.world.officer("facilitator")
    day = _day(she.texts[-1])
    assert she.texts[-1] == f"ເລກ {play.reference} ສົ່ງໄປຂັ້ນເມືອງແລ້ວ. ທ່ານບໍ່ຕ້ອງເຮັດຫຍັງ. ຈະຕອບກ່ອນ {day}."
    assert officer.texts[-1] == f"{play.reference} ກາຍກຳນົດ ສົ່ງໄປເມືອງແລ້ວ. ທ່ານຍັງບັນທຶກໄດ້."


KM["escalated km"] = "លេខ R បានបន្តទៅថ្នាក់ស្រុក។ អ្នកមិនបាច់ធ្វើអ្វីទេ។ ឆ្លើយមុន D។"


def surveyed(play: Play):
    """Return her phone after a round was paid and the survey asked."""
    from datetime import date

    from storage.queries.persons import contacts, people
    from storage.queries.programme import rounds

    world = play.world
    she = world.phone()
    with world.store.transaction() as tx:
        area = world.areas["170107" if play.words is KM else "090101"]
        person = people.create(tx, world.now, language="km" if play.words is KM else "lo", area_id=area)
        contact = contacts.lock(tx, Channel.SMS, she.address, now=world.now)
        contacts.change(tx, contact.id, person_id=person)
        day = date(2026, 3, 2)
        paid = rounds.add_round(tx, world.now, code="r11", label="11", day=day, place="x", area_id=area)
        rounds.add_recipients(tx, paid, [(person, 100_000)])
    world.pass_time(days=2, hours=1)
    return she


def _leaves(world: World, name: str) -> None:
    from storage.queries.staffing import staff

    with world.store.transaction() as tx:
        staff.leave_posts(tx, world.staff[name], world.now)


def _day(text: str) -> str:
    return re.findall(r"\d+/\d+", text)[-1]
