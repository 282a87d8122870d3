"""Whether a report of harm says that it is about to happen: a threat to life, being held, or a weapon or somebody at hand."""

from understanding.spelling.normal import normalise
from understanding.wishes.ways import Ways

_LIFE = Ways(
    "(kill/kills/killing/murder) (me/us/my/her/him/them/myself/herself/the children)",
    "(going to/will/wants to/want to/gonna/threat to/threaten to/threatens to/threatened to/threatening to/tries "
    "to/try to/says he will/ready to) (kill/murder/die/burn)",
    "(want to/wants to) die",
    "(dont/do not/not) want to (live/be alive)",
    "(end my life/take my life/suicide/hang myself/drink poison/kill myself)",
    "(lock/locked/locks/locking) (me/us/her/the door/in/up/inside)",
    "(tied me up/tie me up/ties me up/tied me to/chained me/keeps me locked/wont let me out/not let me out/does "
    "not let me go out)",
    "(cant/cannot/can not) (get out/go out/escape/leave the house/breathe)",
    "(help me now/please come now/save me/save us/i am bleeding/bleeding a lot/call the police/he is "
    "strangling/strangled me/beating me now)",
    "(is/he/now) (beating/hitting/strangling) (me/her/us/my)",
    "(beats me now/beat me now/hits me now/hitting me now)",
    "(កំពុងវាយ/កំពុងទះ/kampung vay/kompong vay/kampong vay/kampung teah)",
    "(ກຳລັງຕີ/ກຳລັງທຸບ/kamlang ti/kam lang ti/kamlang thup)",
    "<d_k_kill> (ខ្ញុំ/យើង/កូន/<k_me>/kon/ke/vea/គេ/ម៉ាក់/mak)",
    "(ចង់/នឹង/ថា/ថានឹង/chong/jong/nung/neng/tha/tha nung/gomream/kumream/គំរាម/គំរាមថា) <d_k_kill>",
    "(ចង់/chong/jong) (ស្លាប់/slab/slap/ងាប់/ngoab)",
    "(មិនចង់/អត់ចង់/លែងចង់/min chong/min jong/ot chong/ot jong/leng chong/lerng jong/mn jong) (រស់/ros/rous)",
    "(អត្តឃាត/ចងកសម្លាប់ខ្លួន/ចងកស្លាប់/ចង់ចងក/សម្លាប់ខ្លួន/atakheat/attakheat/atta kheat)",
    "(ចាក់សោ/ចាក់ច្រវាក់/ដាក់ច្រវាក់/ដាក់គុក/ឃុំឃាំង/បង្ខាំង/ចាក់សោទ្វារ/chak sor/jak sor/chak so/jak so/chak "
    "soo/khum khang/bong khang/bongkhang) (ខ្ញុំ/<k_me>/kon/កូន)",
    "(chak sor/jak sor/chak so/jak so) (tvea/tver/tvear)",
    "(has/have/got) [a] (gun/pistol)",
    "ឃុំខ្ញុំ (ទុក/ក្នុង/នៅក្នុង)",
    "(ចេញ/jenh/chenh/ចេញក្រៅ) (មិនបាន/មិនរួច/អត់បាន/អត់រួច/min ban/ot ban/min ruoch/ot ruoch/min rouch/ot "
    "rouch/ot kert/min kert/អត់កើត)",
    "(ជួយសង្គ្រោះ/ជួយខ្ញុំផងឥឡូវ/ជួយជីវិត/សង្គ្រោះ/jouy songkroh/chuoy songkroh/juoy song kroh/songkroh)",
    "(ជួយ/jouy/juoy/chouy/chuoy) <k_me> [ផង/pong/phong] (ឥឡូវ/ឥលូវ/eilov/elov/eylov/ilov/eyleu/ilouv)",
    "(ຈະ/ຢາກ/ຊິ/ສິ/ຂູ່/ຂູ່ວ່າ) (ຂ້າ/ແທງ/ຟັນ)",
    "(ja/cha/si/yak/khu/khu va/khu wa/va si) (kha/khaa) (khoy/khoi/koy/luk/louk/mae/tai)",
    "(si/ja/lai) (fan/thaeng) (khoy/khoi/koy)",
    "(lao si kha/va si kha/khao si kha/ja kha hai tai)",
    "ຂ້າ [ຂ້ອຍ] [ໃຫ້] ຕາຍ",
    "(ຢາກຕາຍ/yak tai/yark tai/yak tay/si tai/ຂ້າຕົວຕາຍ/ຂ້າໂຕຕາຍ/kha tua tai/kha to tai/ຜູກຄໍ/ກິນຢາຕາຍ)",
    "(ບໍ່ຢາກ/bo yak/bor yak/br yak/ບໍ່ຕ້ອງການ) (ຢູ່ຕໍ່/ມີຊີວິດ/ມີຊີວິດຢູ່/ຢູ່ແລ້ວ/yu tor/yu to/yu laew/yu leo/mi sivit/mi xivit)",
    "(ຂັງ/ລັອກ/ມັດ/ລ່າມ/ກັກ) (ຂ້ອຍ/ໂຕຂ້ອຍ/ປະຕູ/ໄວ້)",
    "(thuk khang/khang khoy wai/khang khoi wai/khang khoy vai/khang wai nai/khang vai nai/khang khoy nai/lok "
    "patu/lok pa tu/mat khoy wai)",
    "(ອອກ/ອອກໄປ/ork/ok/awk/oak) (ບໍ່ໄດ້/bo dai/bor dai/br dai)",
    "(ຊ່ວຍຊີວິດ/ຊ່ວຍດ່ວນ/suay sivit/suay duan/xuay duan/xuay sivit)",
    "(ຊ່ວຍ/suay/xuay/suey) [ຂ້ອຍ/khoy/khoi] [ແດ່/dae/dai] (ດຽວນີ້/ດ່ຽວນີ້/diao ni/diew ni/deo ni/dieo ni/diow ni/tonni)",
)
_WEAPON = Ways(
    "(has a gun/got a gun/has gun/knife/knifes/knives/axe/gun/guns/pistol/machete/petrol/gasoline/acid/hammer/sword)",
    "(កាំបិត/ពូថៅ/កាំភ្លើង/ដាវ/សាំង/ទឹកអាស៊ីត/អាស៊ីត/ដំបង/kambet/kam bet/kambit/kamphlerng/kam "
    "plerng/kamplerng/kam phleung/puthao/pouthao/kan dav/teuk asit)",
    "(ມີດ/ຂວານ/ປືນ/ພ້າ/ນ້ຳມັນ/ນ້ຳກົດ/ໄມ້ຄ້ອນ/thue mit/thu mit/ao mit/kap mit/mit ma/mit pha/thue pha/thue "
    "phra/thu phra/mi mit/thue peun/thue puen/ao peun/mi peun/mi puen/thue phaa/nam kot)",
)
_NOW = Ways(
    "(is coming/coming now/comes now/right now/now/outside/at the door/in front of/tonight/he is here/is here/at "
    "my door/comes tonight/coming back/this night)",
    "(កំពុងមក/កំពុង/មកដល់/ឥឡូវ/ឥលូវ/មុខផ្ទះ/មាត់ទ្វារ/យប់នេះ/ទីនេះ/ក្រៅផ្ទះ/នៅផ្ទះ/ក្នុងផ្ទះ/kampung/kompong/kampong "
    "mok/mok dol/eilov/elov/eylov/ilov/eyleu/muk pteah/muk phteah/mout tvea/mat tvea/yub nis/yup nis/yub neng/ti "
    "nis/nov nis/nov pteah/knong pteah)",
    "(ກຳລັງ/ກຳລັງມາ/ມາຮອດ/ດຽວນີ້/ດ່ຽວນີ້/ໜ້າເຮືອນ/ໜ້າບ້ານ/ປະຕູ/ຄືນນີ້/ຢູ່ນີ້/ຢູ່ເຮືອນ/kamlang/kam lang/ma hot/ma "
    "hod/diao ni/diew ni/deo ni/dieo ni/diow ni/tonni/na huean/na heuan/na ban/pa tu/patu/khuen ni/kheun ni/khun "
    "ni/yu ni/yu huean/yu heuan/nai huean)",
)
_KILL_ME = normalise("ຂ້າຂ້ອຍ")
"""With its tone, without which it is a leg."""


def says_danger(text: str) -> bool:
    """Tell whether a text that was read as a report of harm says that somebody is in danger at this moment.

    Asked of sensitive texts only, where a false alarm costs a focal point one look. Latin letters count by their sound.
    """
    return _KILL_ME in normalise(text) or _LIFE.is_within(text) or (_WEAPON.is_within(text) and _NOW.is_within(text))
