"""What may stand around a wish without changing it: polite words, forms of address, and the usual reasons."""

from itertools import product

_DAYS = (
    "today, tomorrow, that day, this day, certainly, definitely, sure, surely, of course, for sure, "
    "ថ្ងៃនេះ, ថ្ងៃនោះ, ថ្ងៃហ្នឹង, ស្អែក, ថ្ងៃស្អែក, ស្អែកនេះ, ពិតជា, ប្រាកដ, ប្រាកដជា, "
    "tngai nis, thngai nis, tngai nus, thngai nus, sa'ek, saek, sa ek, tngai sa'ek, thngai sa'ek, pit chea, "
    "pit jea, prakod, brakod, "
    "ມື້ນີ້, ມື້ນັ້ນ, ມື້ອື່ນ, ແນ່ນອນ, ແທ້, "
    "mue ni, mu ni, mue nan, mu nan, mue eun, mu eun, mue uen, nae non, naenon"
)
_POLITE = (
    "hello, hi, ok, okay, oke, yes, sir, madam, brother, sister, sorry, thank you, thanks, thank, thx, now, "
    "just, dear, team, so, "
    "បាទ, បាត, ចាស, ចា, ចាះ, ចា៎, សូម, សុំ, សូមទោស, សុំទោស, សុំអភ័យទោស, បង, ប្អូន, លោក, លោកគ្រូ, អ្នកគ្រូ, "
    "លោកស្រី, ពូ, មីង, អ៊ំ, ផង, ណា, ណ៎ា, ណ៎ះ, អរគុណ, អគុណ, អរគុណច្រើន, សួស្ដី, ជំរាបសួរ, ជម្រាបសួរ, ចុះ, បងៗ, "
    "មែន, ក្រុមការងារ, អូខេ, តើ, បន្តិច, "
    "bat, baht, bad, cha, jas, jah, chas, cha bong, som, sum, soum, sumtos, som tos, sum tos, somtos, sum toh, "
    "som toh, bong, pu, ming, om, lok, lok kru, neak kru, nak kru, pong, phong, porng, na, nas, naa, orkun, "
    "akun, okun, arkun, or kun, orkun chran, sour sdey, suosdey, sousdey, chom reap sour, jom reap sour, "
    "chomreab suor, joh, chos, choh, "
    "ໂດຍ, ເຈົ້າ, ໂດຍຂ້ານ້ອຍ, ຂໍໂທດ, ຂໍໂທດເດີ, ກະລຸນາ, ຊ່ວຍ, ແດ່, ແນ່, ເດີ, ເດີ້, ໄດ໋, ນະ, ເນາະ, ອ້າຍ, ເອື້ອຍ, "
    "ນ້ອງ, ພີ່, ທ່ານ, ຄັບ, ຄະ, ຄ່ະ, ຂອບໃຈ, ຂອບໃຈຫຼາຍ, ຂອບໃຈຫຼາຍໆ, ສະບາຍດີ, ເລີຍ, ໂອເຄ, ແມ່ນແລ້ວ, "
    "doy, doi, chao, jao, kho thot, khor thot, kor thot, khothot, khothod, kaluna, galuna, suay, xuay, suey, "
    "dae, nae, der, deu, de, derr, noh, ai, euay, nong, than, khrap, khap, kha, kop chai, khop chai, khob chai, "
    "khop jai, khob jai, lai lai, sabaidee, sabai di, lei"
)
"""Said with anything, in three languages; none of them is a no, and none asks."""

_CALM = (
    "not afraid, i am not afraid, no problem, no matter, never mind, "
    "អត់ខ្លាច, អត់ខ្លាចទេ, មិនខ្លាច, មិនខ្លាចទេ, ខ្ញុំអត់ខ្លាចទេ, ខ្ញុំមិនខ្លាចទេ, មិនអី, មិនអីទេ, អត់អី, "
    "អត់អីទេ, "
    "ot klach, ot klach te, nhom ot klach te, nhom ot klach, min klach te, min ey, ot ey, min ey te, ot ey te, "
    "ບໍ່ຢ້ານ, ຂ້ອຍບໍ່ຢ້ານ, ບໍ່ເປັນຫຍັງ, "
    "bo yan, bor yan, khoy bo yan, khoi bor yan, bo pen nyang, bor pen nyang, bo pen yang"
)
_REASONS = (
    "because, becuz, bcz, coz, cuz, as, since, and, but, the, is, was, am, i, im, it, we, too, very, to, in, at, "
    "on, for, from, with, sick, ill, busy, work, working, at home, far, away, rain, raining, road is bad, "
    "no car, no moto, no motorbike, no transport, no bus, no time, not well, not free, have no time, "
    "dont have time, i have to work, have to, must, tired, pregnant, field, rice, farm, harvest, today, "
    "tomorrow, thailand, town, province, moved, move, school, hospital, old, my work, have work, i have work, "
    "have to work, anymore, any more, already, solved, fixed, ok, good, fine, happy, not afraid, too many, "
    "too much, of your questions, these questions, all day, that day, this day, a funeral, a wedding, funeral, "
    "wedding, look after my child, look after the baby, look after my baby, take care of my child, "
    "take care of my mother, it is solved, its solved, all good, a, my, "
    "ព្រោះ, ពីព្រោះ, ដោយសារ, ដោយ, ព្រោះតែ, ខ្ញុំ, យើង, ឈឺ, រវល់, ជាប់, ធ្វើការ, ការងារ, ធុរៈ, ឆ្ងាយ, ឆ្ងាយពេក, "
    "ពេក, ណាស់, ភ្លៀង, ផ្លូវឆ្ងាយ, ផ្លូវពិបាក, អត់មានម៉ូតូ, គ្មានម៉ូតូ, អត់ម៉ូតូ, មិនមានម៉ូតូ, អត់មានពេល, "
    "គ្មានពេល, មិនមានពេល, គ្មានពេលវេលា, អត់ពេល, មិនទំនេរ, អត់ទំនេរ, ធ្វើស្រែ, ច្រូតស្រូវ, ចម្ការ, ទៅស្រែ, "
    "នៅពេទ្យ, ទៅពេទ្យ, នៅថៃ, នៅភ្នំពេញ, នៅខេត្ត, ថ្ងៃនេះ, ថ្ងៃនោះ, ថ្ងៃហ្នឹង, ស្អែក, ថ្ងៃស្អែក, មើលកូន, "
    "អត់អ្នកមើលកូន, គ្មានអ្នកមើលកូន, អត់មានអ្នកមើលកូន, មើលចៅ, នៅផ្ទះ, មានផ្ទៃពោះ, ពោះធំ, ទើបសម្រាល, ចាស់, "
    "ចាស់ហើយ, ហើយ, រួច, រួចហើយ, ដោះស្រាយហើយ, ដោះស្រាយរួចហើយ, បានហើយ, សប្បាយចិត្តហើយ, ធុញ, ធុញហើយ, "
    "ធុញនឹងសំណួរហើយ, ធុញនឹងសំណួរ, ហត់, ហត់ហើយ, អត់ខ្លាច, អត់ខ្លាចទេ, មិនខ្លាច, មិនខ្លាចទេ, មិនអីទេ, មិនអី, "
    "អត់អី, អត់អីទេ, សំណួរច្រើនពេក, សួរច្រើនពេក, មិនឆ្លើយទេ, មិនចង់ឆ្លើយទេ, អត់ឆ្លើយទេ, មានបុណ្យ, មានការ, "
    "ជាប់បុណ្យ, ល្អហើយ, តែ, "
    "pruos, proh, prous, krouy, daoy sar, doy sar, nhom, khnhom, nyom, kyom, khyom, knyom, yerng, chheu, chhue, "
    "cheu, chhu, chher, robol, rovol, rovul, jab, chab, tver ka, tver kar, jab ka, jab kar, jab ka ngea, chngay, "
    "jngay, chhngay, chngay pek, pek, nas, pleang, phleang, plieng, plov chngay, plov jngay, plov pibak, "
    "ot mean moto, ot moto, kmean moto, min mean moto, ot mean pel, kmean pel, min mean pel, ot pel, min tumne, "
    "ot tumne, ot tomne, tver srae, tver sre, chrot srov, jrot srov, tov srae, nov pet, nov peth, tov pet, "
    "nov thai, nov phnom penh, nov pp, tngai nis, thngai nis, tngai nus, thngai nus, sa'ek, saek, tngai sa'ek, "
    "merl kon, meul kon, merl chav, ot mean neak merl kon, kmean neak merl kon, ot neak merl kon, nov pteah, "
    "mean pteh pos, pos thom, mean pos, terb sral, chas, chas hery, hery, hey, hx, hz, rouch, ruoch, rouch hery, "
    "ruoch hz, dos sray hery, doh sray hery, daoh sray hery, daoh sray rouch hery, dos sray rouch hery, "
    "doh sray rouch hx, ban hery, ban hz, sabay chit hery, thunh, thunh hery, hot hery, ot klach, ot klach te, "
    "min klach te, min ey, ot ey, min ey te, ot ey te, somnuor chran pek, sour chran pek, sour jron pek, "
    "min chlery te, min chlaey te, ot chlery te, ot chlaey te, ot chong chlery te, mean bon, jab bon, la hery, "
    "tae, "
    "ເພາະ, ເພາະວ່າ, ຍ້ອນ, ຍ້ອນວ່າ, ຂ້ອຍ, ເຮົາ, ເຈັບ, ບໍ່ສະບາຍ, ເຈັບປ່ວຍ, ປ່ວຍ, ຄາວຽກ, ຄາວຽກຢູ່, ວຽກ, ຫຍຸ້ງ, "
    "ຫຍຸ້ງວຽກ, ຫຍຸ້ງຫຼາຍ, ໄກ, ໄກຫຼາຍ, ທາງໄກ, ທາງໄກຫຼາຍ, ຢູ່ໄກ, ຝົນຕົກ, ຝົນ, ບໍ່ມີລົດ, ບໍ່ມີເວລາ, ບໍ່ວ່າງ, "
    "ເຮັດນາ, ເກັບກ່ຽວ, ໄປນາ, ໄປໄຮ່, ຢູ່ໂຮງໝໍ, ໄປໂຮງໝໍ, ຢູ່ໄທ, ຢູ່ວຽງຈັນ, ຢູ່ແຂວງ, ຢູ່ເຮືອນ, ມື້ນີ້, ມື້ນັ້ນ, "
    "ມື້ອື່ນ, ເບິ່ງລູກ, ລ້ຽງລູກ, ບໍ່ມີຄົນເບິ່ງລູກ, ບໍ່ມີໃຜເບິ່ງລູກ, ຖືພາ, ອອກລູກໃໝ່, ເຖົ້າແລ້ວ, ແລ້ວ, ແກ້ແລ້ວ, "
    "ແກ້ໄດ້ແລ້ວ, ແກ້ໄຂແລ້ວ, ໄດ້ແລ້ວ, ດີແລ້ວ, ພໍໃຈແລ້ວ, ເມື່ອຍ, ເມື່ອຍແລ້ວ, ເບື່ອ, ເບື່ອແລ້ວ, ເບື່ອຄຳຖາມ, "
    "ຖາມຫຼາຍ, ຖາມຫຼາຍໂພດ, ຄຳຖາມຫຼາຍ, ຄຳຖາມຫຼາຍໂພດ, "
    "tham lai phot, tham lai pot, "
    "ບໍ່ຢ້ານ, ບໍ່ເປັນຫຍັງ, ບໍ່ຕອບ, ບໍ່ຢາກຕອບ, ມີບຸນ, ຕິດບຸນ, ແຕ່, ຍ້າຍບ້ານແລ້ວ, ຍ້າຍແລ້ວ, ເຮັດວຽກ, ໄປເຮັດວຽກ, "
    "phor, phor va, pho va, phro, nyon, yon, khoy, khoi, koy, hao, chep, jep, bo sabai, bor sabai, puay, "
    "kha viak, kha wiak, khong kha viak, viak, wiak, nyung, nyung viak, kai, gai, kai lai, thang kai, thang gai, "
    "yu kai, fon tok, fon, bo mi lot, bor mi lot, bo mi vela, bor mi vela, bo mi wela, bo vang, bo wang, "
    "bor vang, bor wang, het na, pai na, pai hai, yu hong mor, yu hong mo, pai hong mor, yu thai, yu viang chan, "
    "yu huean, mue ni, mu ni, mue nan, mu nan, mue eun, mu eun, beung luk, liang luk, bo mi khon beung luk, "
    "bo mi phai beung luk, thue pha, thao laew, laew, leo, kae laew, kae dai laew, kae khai laew, dai laew, "
    "di laew, phor chai laew, muay, muay laew, beua, beua laew, buea laew, beua kham tham, tham lai, "
    "kham tham lai, bo yan, bor yan, bo pen nyang, bor pen nyang, bo pen yang, bo top, bo yak top, mi bun, "
    "tit bun, het viak, pai het viak, nyai ban laew"
)

_KIN_SO = (
    (
        (
            "my child, my baby, my son, my daughter, my mother, my father, my husband, my wife, my children, "
            "my family, husband, child, baby, mother, someone, others, they"
        ),
        (
            "sick, is sick, ill, is ill, is small, are small, reads it, read it, sees it, reads my phone, "
            "uses my phone, will see, in hospital, is in hospital, died, was born"
        ),
    ),
    (
        (
            "កូន, កូនខ្ញុំ, ប្ដី, ប្ដីខ្ញុំ, ប្រពន្ធខ្ញុំ, ម្ដាយ, ម្ដាយខ្ញុំ, ម៉ាក់ខ្ញុំ, ឪពុកខ្ញុំ, ប៉ាខ្ញុំ, "
            "ចៅ, ចៅខ្ញុំ, យាយខ្ញុំ, តាខ្ញុំ, បងខ្ញុំ, គេ, "
            "kon, kon nhom, kon khnhom, kon nyom, bdey, bdey nhom, pdey nhom, prapon nhom, mak, mak nhom, "
            "mday nhom, mday khnhom, pa nhom, chav, chav nhom, yeay nhom, ta nhom, bong nhom, ke"
        ),
        (
            "ឈឺ, ឈឺខ្លាំង, តូច, តូចៗ, នៅតូច, នៅពេទ្យ, សម្រាកពេទ្យ, ស្លាប់, អាន, មើល, មើលទូរស័ព្ទ, ឃើញ, "
            "chheu, chhue, cheu, chhu, chher, chhur, touch, toch, nov touch, nov pet, nov peth, slab, an, merl, "
            "merl phone, khernh"
        ),
    ),
    (
        (
            "ລູກ, ລູກຂ້ອຍ, ຜົວ, ຜົວຂ້ອຍ, ເມຍຂ້ອຍ, ແມ່, ແມ່ຂ້ອຍ, ພໍ່ຂ້ອຍ, ຫຼານ, ຫຼານຂ້ອຍ, ແມ່ຕູ້, ພໍ່ຕູ້, ເຂົາ, "
            "luk, luk khoy, louk khoy, luk khoi, phua, phua khoy, mia khoy, mae, mae khoy, phor khoy, lan, "
            "lan khoy, mae tu, phor tu, khao"
        ),
        (
            "ເຈັບ, ເຈັບປ່ວຍ, ບໍ່ສະບາຍ, ປ່ວຍ, ນ້ອຍ, ຍັງນ້ອຍ, ຢູ່ໂຮງໝໍ, ເສຍ, ເສຍຊີວິດ, ອ່ານ, ເບິ່ງ, ເຫັນ, "
            "chep, jep, bo sabai, bor sabai, puay, noy, noi, yang noy, yu hong mor, yu hong mo, sia, an, beung, "
            "hen"
        ),
    ),
)
"""That one of the family is ill, small, or reads along; by themselves they would make another's wish hers."""


def _listed(words: str) -> list[str]:
    return [each.strip() for each in words.split(",")]


def _joined(pair: tuple[str, str]) -> str:
    return " ".join(pair) if pair[0].isascii() else "".join(pair)


POLITE_WORDS = (*_listed(_POLITE), *_listed(_DAYS), *_listed(_CALM))
REASON_WORDS = (
    *_listed(_REASONS),
    *(_joined(pair) for kin, so in _KIN_SO for pair in product(_listed(kin), _listed(so))),
)
"""The words of usual reasons, nothing of a complaint, no fear and no bare *not* among them."""
