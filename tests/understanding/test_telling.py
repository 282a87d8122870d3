"""What a text tells beside its matter: who cannot read, for whom it is written, danger, and hours for a call."""

from understanding.danger import says_danger
from understanding.hours import call_hours
from understanding.persons.behalf import Behalf, written_for
from understanding.wishes.speaking import cannot_read, spoken_language

CANNOT_READ = """
    nhom ot ches an te | khnhom an min dach | ot ches akso | nhom min ches an aksor te | nhom sorse ot jes an ot jes |
    merl akso ot dach | bor hu nang seu | khoy an bo pen | an bo ork | khoy an nangsue bo dai | bo hu an bo hu khian |
    khoy bo hu nangsu | ខ្ញុំអានអក្សរមិនដាច់ទេ | ខ្ញុំមិនចេះអានចេះសរសេរទេ | ខ្ញុំអត់ចេះអានទេ សូមតេមក |
    ខ្ញុំមើលអក្សរមិនចេះ | ម្ដាយខ្ញុំអានមិនចេះ | ខ្ញុំមិនបានរៀន អានមិនដាច់ | ຂ້ອຍອ່ານໜັງສືບໍ່ອອກ |
    ຂ້ອຍບໍ່ຮູ້ໜັງສື ໂທມາແດ່ | ຂ້ອຍອ່ານຂຽນບໍ່ໄດ້ | ຂ້ອຍບໍ່ເຄີຍຮຽນ ອ່ານບໍ່ເປັນ | ບໍ່ຮູ້ຈັກໜັງສື | i no can read |
    i cant read and write please call | my mother does not know how to read | i dont know letters |
    i never went to school i cannot read | not know to read | nhom min jes an akso | ot ches akso te som call mok |
    khnhom an akso min dach | khoy bo hu nang su | an nang seu bo pen | yeay min ches akso | យាយមិនចេះអក្សរ |
    ខ្ញុំអានអត់ចេះ | ແມ່ຕູ້ອ່ານໜັງສືບໍ່ອອກ | ຂ້ອຍບໍ່ຮູ້ໂຕໜັງສື | i can not read, call me |
    my grandmother cannot read | khnhom ot jes an sorser | khoy an bo pen khian bo pen | ម៉ាក់ខ្ញុំមើលអក្សរមិនដាច់ |
    ຂ້ອຍອ່ານບໍ່ເປັນ | sorry i cannot read well
"""
READS = """
    the chief did not read my letter | they do not read our messages | nobody reads this | an sar hery |
    kon nhom rean an aksor | khoy an laew | cannot read the number on card | card reader cannot read my card |
    nai ban bo an nangseu hai fang | គាត់មិនអានសំបុត្រខ្ញុំ | អានហើយ | ນາຍບ້ານບໍ່ອ່ານໃຫ້ຟັງ | ອ່ານແລ້ວ |
    machine cannot read my fingerprint | teachers do not teach children to read
"""
FOR_ANOTHER = """
    nhom sorse chumnous mak | khnhom sorser jumnous mday nhom | nhom sorser oy yeay nhom | sour jumnus bong srey |
    bdeng jomnuos neak chit khang nhom chmos Sok Chan | nhom niyay chumnous pa | khoy khian thaen mae |
    khoy khian taen mae khoy | tham thaen euay | khoy song thaen pa | hong thuk thaen phor khoy |
    khoy vao thaen pheuan ban xeu Bounmy | ខ្ញុំផ្ញើសារជំនួសម្ដាយខ្ញុំ | ខ្ញុំសរសេរឲ្យយាយខ្ញុំ គាត់មិនចេះអក្សរ |
    ខ្ញុំតំណាងឲ្យម្ដាយខ្ញុំ | ខ្ញុំជួយសរសេរឲ្យអ្នកជិតខាង | ប្ដឹងឲ្យបងស្រីខ្ញុំ | ខ្ញុំជាកូន សរសេរជំនួសម្ដាយ |
    ຂ້ອຍສົ່ງແທນແມ່ຂ້ອຍ | ຂ້ອຍຊ່ວຍຂຽນໃຫ້ແມ່ຕູ້ | ຂ້ອຍຕາງໜ້າແມ່ຂ້ອຍ | ຟ້ອງແທນເອື້ອຍຂ້ອຍ | ຂ້ອຍຖາມໃຫ້ພໍ່ຂ້ອຍ |
    i write this for my mother | i am asking for my grandmother, she cant write |
    i am sending this for my neighbor Sok Chan | writing for my aunt | i complain on behalf of my mother in law |
    i message for my father | nhom sorser jumnous pu nhom | khnhom bdeng oy mak khnhom | nhom pher sar chumnous yeay |
    khoy khian thaen pa khoy | khoy khian hai mae thao | khoy chaeng thaen nong | ខ្ញុំប្ដឹងជំនួសពូខ្ញុំ |
    ខ្ញុំសរសេរសារនេះជំនួសយាយ | ຂ້ອຍແຈ້ງແທນແມ່ຕູ້ | ຂ້ອຍພິມໃຫ້ແມ່ | i write for my old mother |
    i am texting for my neighbour | nhom jouy sorse oy neak jit khang | khoy suay khian hai mae tu |
    pher jumnous bang srey | ຂຽນແທນຜົວ | សួរជំនួសអ៊ំ
"""
FOR_HERSELF = """
    i work for my mother | i want money for my mother | agent took money on her behalf without asking |
    nhom yok luy chumnous mak | mak nhom tov jumnous | kon tver ka jumnous | khoy het viak thaen mae |
    pai ao ngern thaen mae | ខ្ញុំទៅយកលុយជំនួសម្ដាយ | ខ្ញុំធ្វើការជំនួសម្ដាយ | ម្ដាយខ្ញុំអត់បានលុយ |
    គេសរសេរឈ្មោះម្ដាយខ្ញុំខុស | ຂ້ອຍໄປເອົາເງິນແທນແມ່ | ເຂົາຂຽນຊື່ແມ່ຂ້ອຍຜິດ | who writes for the chief |
    i wrote for 3 months no answer | nhom sorse chmos mak khos | ke sorse chmos oy nhom | nhom som luy oy kon |
    khao khian seu hai khoy phit | i ask for money for my child | nhom sour pi luy oy mak
"""
IN_DANGER = """
    kat jong somlab nhom | pdey tha nung sam lap nhom | ke jak sor nhom knong pteah | jenh min ban jouy pong |
    kat kan kambet nov muk pteah | nhom min jong ros tiet te | nhom jong slab | mok jouy nhom eilov |
    phua si kha khoy | lao va ja kha khoy | khoy thuk khang wai nai huean | ork bo dai suay dae |
    lao thue mit yu na huean | khoy yak tai | khoy bo yak yu tor laew | mi peun yu ni diao ni |
    គាត់ថានឹងសម្លាប់ខ្ញុំយប់នេះ | គាត់ដាក់ច្រវាក់ខ្ញុំ ចេញមិនរួច | គាត់កាន់កាំបិតនៅមុខផ្ទះ | ខ្ញុំចង់ធ្វើអត្តឃាត |
    គាត់គំរាមសម្លាប់កូនខ្ញុំ | ជួយខ្ញុំផងឥឡូវនេះ | ລາວຂູ່ວ່າຈະຂ້າຂ້ອຍ | ລາວຖືມີດຢູ່ໜ້າບ້ານ |
    ລາວລັອກປະຕູ ຂ້ອຍອອກບໍ່ໄດ້ | ຂ້ອຍບໍ່ຢາກມີຊີວິດຢູ່ | ຊ່ວຍຂ້ອຍແດ່ດຽວນີ້ | he says he will kill me |
    he is holding a knife now | he threaten to kill my child | i dont want to live any more |
    he lock the door i cannot go out | he comes tonight with gun | vea tha somlab nhom | pdey jak sor tvea |
    khoy yan lao si kha | lao khang khoy wai | គាត់ថាចង់សម្លាប់ខ្ញុំ | គាត់កំពុងវាយខ្ញុំឥឡូវ | ខ្ញុំគិតចង់ស្លាប់ |
    ລາວກຳລັງຕີຂ້ອຍ | ລາວວ່າຊິຂ້າຂ້ອຍ | he says tonight he kills me | he is beating me right now | he has a gun |
    kat yok kambet deun rok nhom eilov | nhom tver atakheat | lao va si kha luk khoy | khao lok patu bo hai ork |
    គាត់កាន់ដំបងនៅមាត់ទ្វារ | ລາວຖືປືນມາຮອດເຮືອນ | please help, he locked us inside
"""
LATER = """
    he touched me last month | kat ong ael nhom khae mun | lao chap tong khoy pi kai | គាត់ស្ទាបខ្ញុំខែមុន |
    ລາວຈັບໂຕຂ້ອຍປີກາຍ | he asked me to sleep with him for the card | the agent wants me alone in his house |
    គាត់ថាបើអត់ដេកជាមួយ គាត់លុបឈ្មោះ | ລາວຢາກໃຫ້ຂ້ອຍໄປນອນນຳ | chief hit her last year
"""
HOURS = {
    "call nhom prik mong 8": (8, 9),
    "khol mok nhom pel lngeach mong 5": (17, 18),
    "tel mok rosiel 2 dol 4": (14, 16),
    "mong 9 prek": (9, 10),
    "call khnhom mong 7 yub": (19, 20),
    "pel prek": (8, 11),
    "tngai trong call mok": (11, 13),
    "tho ma mueang 8 mong sao": (8, 9),
    "tho ha khoy ton sao": (8, 11),
    "ton leng 5 mong": (17, 18),
    "baai 2 ha 4": (14, 16),
    "8 mong sao ha 10 mong": (8, 10),
    "ton kham": (18, 20),
    "tho ton tiang": (11, 13),
    "ម៉ោងប្រាំបីព្រឹក": (8, 9),
    "តេមកខ្ញុំម៉ោង៧យប់": (19, 20),
    "ពេលល្ងាចម៉ោង៤ដល់ម៉ោង៦": (16, 18),
    "ខលមកពេលព្រលឹម": (8, 11),
    "ពេលថ្ងៃត្រង់ សូមតេមក": (11, 13),
    "ខលក្រោយម៉ោង ៥": (17, 18),
    "ល្ងាចម៉ោងប្រាំ": (17, 18),
    "ແປດໂມງເຊົ້າ": (8, 9),
    "ໂທມາຫ້າໂມງແລງ": (17, 18),
    "ຕອນສວາຍ": (11, 13),
    "ໂທຫາຂ້ອຍຕອນຄໍ່າ": (18, 20),
    "ຕອນບ່າຍ 2 ໂມງ ຫາ 4 ໂມງ": (14, 16),
    "ກ່ອນ 9 ໂມງເຊົ້າ": (8, 9),
    "call me in the mornings": (8, 11),
    "call at eight in the morning": (8, 9),
    "between 8 and 10 am": (8, 10),
    "after lunch around 2 pm": (14, 15),
    "any time after 6 in the evening": (18, 19),
    "luy mok tngai ti 8": None,
    "kon 8 chnam": None,
    "luk 3 khon": None,
    "nhom jam 3 mong hery agent ot mok": None,
    "khoy tha 3 mong laew": None,
    "ខ្ញុំរង់ចាំ ៣ម៉ោងហើយ": None,
    "លុយចូលពេលព្រឹក": None,
    "ຂ້ອຍລໍ 3 ຊົ່ວໂມງ": None,
    "ngern khao ton sao tae thon bo dai": None,
    "agent opens 8 to 10 only": None,
    "mephum mok pteah nhom mong 10 yub": None,
    "ລາວມາເຮືອນຂ້ອຍ 10 ໂມງກາງຄືນ": None,
}


def listed(block: str) -> list[str]:
    return [each.strip() for each in block.replace("\n", " ").split("|") if each.strip()]


def test_who_cannot_read_is_heard() -> None:
    assert [text for text in listed(CANNOT_READ) if not cannot_read(text)] == []
    assert [text for text in listed(READS) if cannot_read(text)] == []


def test_a_language_is_named() -> None:
    said = {
        "khoy vao phasa hmong": "hmong",
        "nhom niyay phasa kuy": "kuy",
        "I speak Khmu": "khmu",
        "ເວົ້າພາສາມົ້ງ": "hmong",
    }
    assert {text: spoken_language(text) for text in said} == said
    assert spoken_language("mong 8 prek call mok") is None


def test_who_writes_for_another_says_so() -> None:
    assert [text for text in listed(FOR_ANOTHER) if written_for(text) is None] == []
    assert [text for text in listed(FOR_HERSELF) if written_for(text) is not None] == []


def test_the_name_of_whom_it_is_written_for() -> None:
    said = {
        "nhom sorse chumnous mak nhom chmos sok chan luy ot mok": "sok chan",
        "khoy khian thaen pheuan ban xeu Bounmy yu ban Nong": "Bounmy",
        "i am sending this for my neighbor Sok Chan": "Sok Chan",
        "ខ្ញុំសរសេរជំនួស ឈ្មោះ ដារ៉ា លុយអត់ចូល": "ដារ៉ា",
        "khoy khian thaen mae": None,
    }
    assert {text: written_for(text) for text in said} == {text: Behalf(name) for text, name in said.items()}


def test_danger_at_this_moment_is_heard() -> None:
    assert [text for text in listed(IN_DANGER) if not says_danger(text)] == []
    assert [text for text in listed(LATER) if says_danger(text)] == []


def test_hours_in_latin_letters_and_in_words() -> None:
    assert {text: call_hours(text) for text in HOURS} == HOURS
