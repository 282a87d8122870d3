"""What somebody wishes for herself: her name hidden or shown, to know or to erase what is kept, to join two contact points."""

from enum import StrEnum

from understanding.wishes.answers import wants_no_name
from understanding.wishes.ways import Ways


class OwnWish(StrEnum):
    """A wish about oneself, said in a whole text."""

    HIDE_NAME = "hide_name"
    SHOW_NAME = "show_name"
    WHAT_KEPT = "what_kept"
    ERASE = "erase"
    OTHER_PERSON = "other_person"


def own_wish(text: str) -> OwnWish | None:
    """Return what a whole text wishes (`លុបទិន្នន័យខ្ញុំ`, `ອອກຊື່ໄດ້`, `hide my name`); None where it is none of these.

    A question mark is no wish but to know what is kept. With a wish to be erased a usual reason may be given.
    """
    if wants_no_name(text):
        return OwnWish.HIDE_NAME
    asks = "?" in text
    for wish, ways in _SAID.items():
        if (not asks or wish in _ASKED) and ways.is_said(text, reasons=wish in _REASONED):
            return wish
    return None


_ASKED = frozenset({OwnWish.WHAT_KEPT, OwnWish.ERASE})
_REASONED = frozenset({OwnWish.ERASE, OwnWish.HIDE_NAME})
_DATA = "(data/information/info/informations/details/number/phone number/message/messages/sms/texts/story/words/file)"
_SAID = {
    OwnWish.HIDE_NAME: Ways(
        "(hide/remove/conceal) my name [now]",
        "(hide/conceal) my (number/identity) [now]",
        "(make me/i want to be/keep me/i want to stay) (anonymous/hidden/unknown)",
        "(i want no name/take my name away/keep my name (secret/private/hidden))",
        "(dont/do not/not/never) (show/tell/say/give/write/use/share/mention) [him/them/anyone] my "
        "(name/number/identity) [to (anyone/anybody/them/him/people/the chief/others/everybody)]",
        "i (dont/do not) want [that] (people/them/anyone/anybody/him/others/the chief) [to] (know/see) [my "
        "name/who i am]",
        "[<k_wish>] [<k_me>] [<k_wish>] <k_hide> (<k_name>/<k_number>) [<k_my>]",
        "(<k_dont>/សុំមិន/សូមមិន/som min/som mn) <k_show> (<k_name>/<k_number>) [<k_my>] [<k_te>]",
        "<k_me> <k_no_wish> <k_show> (<k_name>/<k_number>) [<k_my>] [<k_te>]",
        "<k_dont> <k_show> <k_name> <k_my> [<k_go>/ឲ្យ/oy] (<k_others>/<k_who>)",
        "[<k_me>] (<k_dont>/<k_no_wish>) [(<k_who>/<k_others>)] <k_know> [(ឈ្មោះ/<k_name>)] [(ថា/tha)] [<k_be>] "
        "[<k_my>] [<k_writes>/<k_complain>] [<k_te>]",
        "<k_wish> ដក <k_name> [<k_my>] ចេញ",
        "[<l_wish>] <l_hide> <l_name> [<l_my>] [<l_kept>]",
        "[<l_wish>] <l_hide> <l_number> <l_my> [<l_kept>]",
        "<l_me> <l_no_wish> <l_show> <l_name> [<l_my>]",
        "[<l_me>] (<l_dont>/<l_no_wish_to>/ຂໍບໍ່/kho bo/khor bor) <l_show> <l_name> [<l_my>] [(ໃຫ້/hai) <l_who>]",
        "[<l_me>] (<l_dont>/<l_no_wish>) [(ໃຫ້/hai)] (<l_who>/ເຂົາ/ຄົນ/khao/khon) (<l_know>/<l_see>) (<l_name> "
        "[<l_my>]/(ວ່າ/va/wa) <l_be> <l_me>)",
        "[<l_me>] (<l_dont>/<l_no_wish>) [(ໃຫ້/hai)] (<l_see>/<l_know>) (<l_name>/<l_number>) [<l_my>]",
        "<l_wish> ເອົາ <l_name> <l_my> ອອກ",
    ),
    OwnWish.SHOW_NAME: Ways(
        "[(you/they/he/officer/the officer) (may/can) / (it is/its/it s) (ok/fine/alright) to/ok to/ok you "
        "can/no problem to] (use/show/tell/say/give/mention/write) [them/him/everyone/people/the officer] my "
        "name [to (them/him/people/everyone/anyone/the officer/the chief)] [again/now]",
        "i (allow/permit/let/agree) [you] [to] (use/show/tell/give) my name [now]",
        "(they/he/she/anyone/people/you) (may/can) know my name",
        "my name (may/can) be (shown/used/told/known/said/seen/written) [again/now]",
        "(name ok/not anonymous/i am not anonymous/no need to hide my name/dont hide my name/you dont have to "
        "hide my name/stop hiding my name)",
        "<k_may> <k_show> <k_name> [<k_my>] [<k_can>]",
        "[<k_may>/<k_me> ឲ្យ/<k_me> oy] <k_show> <k_name> [<k_my>] [<k_go> <k_others>] <k_can>",
        "(បង្ហាញ/បញ្ចេញ/bong hanh/bonghanh/bangh hanh) <k_name> <k_my> [<k_come>]",
        "<k_me> <k_may> <k_show> <k_name> [<k_my>] [<k_can>]",
        "<k_needless> <k_hide> <k_name> [<k_my>] [<k_te>]",
        "(ឲ្យ/oy/aoy) [គេ/ke/neak na/អ្នកណា] <k_know> <k_name> [<k_my>] <k_can>",
        "[<l_me>] [<l_allow>] <l_show> <l_name> [<l_my>] [(ໃຫ້/hai) (<l_who>/ເຂົາ/khao)] [ກໍ/kor/ko] "
        "(<l_can>/ບໍ່ເປັນຫຍັງ/bo pen nyang/bor pen nyang)",
        "[<l_me>] (ອະນຸຍາດ/ຍອມ/anuyat/anuyaat) [ໃຫ້/hai] <l_show> <l_name> [<l_my>] [<l_can>]",
        "(ບໍ່ຕ້ອງ/bo tong/bor tong) <l_hide> <l_name> [<l_my>]",
        "(ໃຫ້/hai) [(<l_who>/ເຂົາ/khao)] (<l_know>/<l_see>) <l_name> [<l_my>] [ກໍ/kor/ko] <l_can>",
    ),
    OwnWish.WHAT_KEPT: Ways(
        f"(what/which/what kind of) {_DATA} [do/are/is/did] [you] (have/keep/store/know/hold/save/kept/keeping) "
        "[of/about/on/from/for] [me]",
        "what [do/did/are] you (have/keep/store/know/hold/save/keeping) (of/about/on/from) (me/us)",
        "(who/can other people/can others/can anyone/can the chief/does the chief) [can/will/could/is] "
        f"(see/read/sees/reads/look at/know/get/gets) (my/our) {_DATA}",
        f"how long [do/will/can/are] you (keep/store/hold/save/keeping) (my/our) {_DATA}",
        f"(do/did/are/will) you (keep/save/store/have/keeping/saving) my {_DATA}",
        f"((what/why) (do/will) you do/what happens/what happen/what is done) (with/to) my {_DATA}",
        f"where [do/is/are] [you] (keep/store/put) my {_DATA}",
        "my data",
        "[<k_you>] <k_keep> (<k_data>/<k_text>/<k_number>) [<k_my>] (<k_what>/<k_how_long>/<k_where>/<k_why>) [<k_te>]",
        "(<k_data>/<k_text>/<k_number>) [<k_my>] [<k_you>] [ត្រូវ/trov] <k_keep> "
        "(<k_what>/<k_how_long>/<k_where>/<k_why>)",
        "[<k_you>] (<k_keep>/<k_know>) <k_what> [<k_about>] <k_my>",
        "<k_who> [<k_can>] <k_see> (<k_data>/<k_text>) [<k_my>] [<k_can>]",
        "(ទិន្នន័យ/ព័ត៌មាន) (<k_my>/របស់ខ្ញុំ)",
        "[<l_you>] <l_keep> (<l_data>/<l_text>/<l_number>) [<l_what>] [<l_my>] [<l_kept>] "
        "(<l_what>/<l_how_long>/<l_where>/<l_why>)",
        "[<l_you>] (<l_keep>/ມີ/mi) <l_data> <l_what> [<l_about>] [<l_my>] [<l_kept>]",
        "[<l_you>] (<l_know>) <l_what> <l_about> <l_me>",
        "(<l_data>/<l_text>) <l_my> <l_keep> [<l_kept>] (<l_where>/<l_how_long>/<l_why>)",
        "(យក/yok/yk) (<k_data>/<k_text>/<k_number>) <k_my> [<k_go>] <k_why>",
        "<k_why> [ហ្នឹង/nung/neng/ng] (<k_data>) <k_my>",
        "(ເອົາ/ao) (<l_data>/<l_text>/<l_number>) <l_my> [<l_go>] <l_why>",
        "<l_who> <l_see> (<l_data>/<l_text>) [<l_my>] [<l_can>]",
        "(<l_data>/<l_text>) <l_my> <l_who> <l_see> [<l_can>]",
        "(<k_data>/<k_text>) <k_my> <k_who> <k_see>",
        "ຂໍ້ມູນຂອງຂ້ອຍ",
    ),
    OwnWish.ERASE: Ways(
        "[(i want [you] to/i would like [you] to/can you/could you/will you/i ask [you] to/i wish to/help me "
        "[to])] (delete/erase/remove/clear/destroy) [all/everything/all of] (my/our) "
        "(data/information/info/informations/details/phone number/number/message/messages/sms/texts/phone) [from "
        "(your/the) (system/phone/list of numbers/computer/records/memory)] [forever]",
        "i want my (data/messages/information/number) (deleted/erased/removed)",
        "(delete me/erase me/forget me/erase everything/delete everything/delete all messages)",
        "(delete/erase/remove/forget) (everything/all) [what] (about me/i told you/i said/i sent/i wrote/of "
        "me/from me/you have about me/that i told you/that i wrote)",
        "(dont/do not) (keep/save/store) my (data/information/number/messages/phone number)",
        "[<k_me>] [<k_wish>] <k_delete> (<k_data>/<k_text>) <k_my> [<k_all>] [<k_off>]",
        "[<k_me>] [<k_wish>] <k_delete> <k_number> <k_my>",
        "[<k_me>] [<k_wish>] <k_delete> (<k_data>/<k_text>/<k_number>) <k_all> [<k_my>] [<k_off>]",
        "[<k_me>] <k_wish> <k_delete> (<k_data>/<k_text>) [<k_off>]",
        "[<k_me>] <k_wish> <k_delete> <k_name> <k_my>",
        "<k_delete> <k_all> [<k_about>] <k_my>",
        "<k_dont> <k_keep> (<k_data>/<k_text>/<k_number>) <k_my> [<k_again>]",
        "[<l_me>] [<l_wish>] <l_delete> (<l_data>/<l_text>) <l_my> [<l_all>] [<l_off>]",
        "[<l_me>] [<l_wish>] <l_delete> (<l_data>/<l_text>) <l_all> <l_my> [<l_off>]",
        "[<l_me>] [<l_wish>] <l_delete> <l_number> <l_my>",
        "[<l_me>] <l_wish> <l_delete> (<l_data>/<l_text>) [<l_all>] [<l_off>]",
        "[<l_me>] [<l_wish>] <l_delete> <l_all> <l_about> <l_me> [<l_off>]",
        "<l_me> <l_wish> <l_delete> <l_name> <l_my>",
        "<l_dont> <l_keep> (<l_data>/<l_text>/<l_number>) <l_my> [<l_kept>]",
    ),
    OwnWish.OTHER_PERSON: Ways(
        "[i am/im/this is/it is/its/now it is] (another person/other person/somebody else/someone else/a "
        "different person/different person)",
        "(i am/im) (her/his) <e_kin>",
        "(i am not/im not/this is not/its not) (her/him/the owner/owner of [this/the] phone)",
        "[(this/it) is/its] (not/isnt) my (phone/number)",
        "[this is not my phone/its not my phone/not my phone] [this is/it is/its] [my] <e_kin> (phone/number)",
        "(this/the) (phone/number) (is/belongs to) [of] my <e_kin> [phone/number]",
        "[i] [am] (use/using/used/borrow/borrowed/borrowing) [(a/the/this)] (phone/number) [from/of/is/belongs "
        "to] (my <e_kin>/<e_kin>)",
        "[i/im] [am] (use/using/borrow/borrowed/borrowing/writing from/write from) [my/a/the] <e_kin> (phone/number)",
        "borrowed phone",
        "[<k_this>] [<k_be>] <k_is_not> [<k_be>] <k_phone> <k_my> [<k_te>]",
        "<k_phone> <k_this> <k_is_not> [<k_be>] (<k_phone>) [<k_my>] [<k_te>]",
        "[<k_me>] <k_use> <k_phone> [របស់/robos/rbos] <k_kin> [<k_my>]",
        "<k_this> [<k_be>] <k_phone> [របស់/robos/rbos] <k_kin> [<k_my>]",
        "<k_phone> (<k_this>/<k_this> <k_be>/<k_this> <k_be> របស់/<k_this> របស់/<k_this> robos/<k_this> "
        "rbos/<k_be> robos/<k_be> របស់/robos/របស់) <k_kin> [<k_my>]",
        "(ទូរស័ព្ទ/tourosap) <k_kin> <k_my>",
        "[<k_me>] [<k_be>] <k_person> <k_other> [<k_te>]",
        "<k_me> <k_is_not> [<k_be>] <k_her> [<k_te>]",
        "<k_me> <k_be> <k_kin> [របស់/robos/rbos] <k_her>",
        "[<k_me>] <k_writes> (ពី/តាម/pi/tam) <k_phone> <k_kin> [<k_my>]",
        "[<l_this>] [<l_be>] (ບໍ່ແມ່ນ/bo maen/bor maen/bo men/bor men/br maen) <l_phone> <l_my>",
        "[<l_me>] (ຢືມ/ຍືມ/ຂໍຢືມ/yuem/yum/yeum/nyuem/youm) <l_phone> [ຂອງ/khong/kong] [<l_kin> [<l_my>]]",
        "[<l_me>] <l_use> <l_phone> [ຂອງ/khong/kong] <l_kin> [<l_my>]",
        "<l_this> [<l_be>] <l_phone> [ຂອງ/khong/kong] <l_kin> [<l_my>]",
        "<l_phone> [<l_this>] [<l_be>] (ຂອງ/khong/kong/ແມ່ນ/maen/ແມ່ນຂອງ/maen khong) <l_kin> [<l_my>]",
        "(ໂທລະສັບ/tholasap/tholasab/tho la sap) <l_kin> <l_my>",
        "[<l_me>] [<l_be>] <l_other>",
        "<l_me> (ບໍ່ແມ່ນ/bo maen/bor maen/bo men) <l_her>",
        "<l_me> (ແມ່ນ/ເປັນ/maen/men/pen) <l_kin> [ຂອງ/khong/kong] <l_her>",
    ),
}
"""What is said otherwise is read like any text. That a number be taken *off* is STOP, which silences at once."""
