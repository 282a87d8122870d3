"""What somebody wishes for herself: her name hidden or shown, to know or to erase what is kept, to join two contact points."""

from enum import StrEnum

from understanding.wishes.answers import wants_no_name
from understanding.wishes.sayings import Sayings


class OwnWish(StrEnum):
    """A wish about oneself, said in a whole text."""

    HIDE_NAME = "hide_name"
    SHOW_NAME = "show_name"
    WHAT_KEPT = "what_kept"
    ERASE = "erase"
    OTHER_PERSON = "other_person"


def own_wish(text: str) -> OwnWish | None:
    """Return what a whole text wishes (`លុបទិន្នន័យខ្ញុំ`, `ອອກຊື່ໄດ້`, `hide my name`); None where it is none of these."""
    if wants_no_name(text):
        return OwnWish.HIDE_NAME
    return next((wish for wish, sayings in _SAID.items() if sayings.is_said(text)), None)


_SAID = {
    OwnWish.HIDE_NAME: Sayings(
        *("hide my name now", "please hide my name", "make me anonymous", "i want no name", "take my name away"),
        *("remove my name", "dont show my number", "hide my number"),
        *("សុំលាក់ឈ្មោះ", "ខ្ញុំសុំលាក់ឈ្មោះ", "សុំកុំបង្ហាញឈ្មោះ", "សុំមិនបង្ហាញឈ្មោះ", "ដកឈ្មោះខ្ញុំចេញ", "កុំបង្ហាញឈ្មោះខ្ញុំ"),
        *("ខ្ញុំមិនចង់ឲ្យគេដឹងឈ្មោះ", "កុំឲ្យគេដឹងឈ្មោះខ្ញុំ", "លាក់លេខខ្ញុំ", "កុំបង្ហាញលេខខ្ញុំ"),
        *("ຂໍປິດຊື່", "ຂ້ອຍບໍ່ຢາກອອກຊື່", "ຢ່າໃຫ້ໃຜຮູ້ຊື່ຂ້ອຍ", "ປິດຊື່ຂ້ອຍ", "ເອົາຊື່ຂ້ອຍອອກ", "ຢ່າໃຫ້ເຫັນຊື່ຂ້ອຍ", "ປິດເບີຂ້ອຍ"),
    ),
    OwnWish.SHOW_NAME: Sayings(
        *("you may use my name", "you can use my name", "use my name", "you may show my name", "you can show my name"),
        *("show my name", "my name may be shown", "name ok", "not anonymous", "you may tell my name"),
        *("បង្ហាញឈ្មោះបាន", "អាចបង្ហាញឈ្មោះ", "អាចបង្ហាញឈ្មោះខ្ញុំ", "បង្ហាញឈ្មោះខ្ញុំបាន", "បង្ហាញឈ្មោះខ្ញុំក៏បាន", "ដាក់ឈ្មោះខ្ញុំបាន"),
        *("អាចប្រើឈ្មោះខ្ញុំ", "ប្រើឈ្មោះខ្ញុំបាន", "បញ្ចេញឈ្មោះបាន", "បញ្ចេញឈ្មោះក៏បាន"),
        *("ອອກຊື່ໄດ້", "ອອກຊື່ຂ້ອຍໄດ້", "ບອກຊື່ໄດ້", "ບອກຊື່ຂ້ອຍໄດ້", "ໃຊ້ຊື່ຂ້ອຍໄດ້", "ໃຫ້ເຫັນຊື່ໄດ້", "ອອກຊື່ກໍໄດ້"),
    ),
    OwnWish.WHAT_KEPT: Sayings(
        *("what do you keep of me", "what do you keep about me", "what do you know about me", "what data do you have"),
        *("what do you know of me", "what data do you keep", "what do you store about me", "do you keep my number"),
        *("how long do you keep my data", "how long do you keep my message", "how long do you keep my messages"),
        *("who sees my data", "what happens with my data", "my data"),
        *("ទិន្នន័យខ្ញុំទុកអ្វីខ្លះ", "រក្សាទុកអ្វីខ្លះអំពីខ្ញុំ", "តើរក្សាទុកអ្វីខ្លះអំពីខ្ញុំ", "ទុកព័ត៌មានខ្ញុំយូរប៉ុណ្ណា", "ទុកទិន្នន័យយូរប៉ុណ្ណា"),
        *("រក្សាទុកទិន្នន័យខ្ញុំយូរប៉ុណ្ណា", "ទិន្នន័យរបស់ខ្ញុំ", "ព័ត៌មានខ្ញុំទុកនៅណា", "អ្នកដឹងអ្វីខ្លះអំពីខ្ញុំ", "ទុកសារខ្ញុំយូរប៉ុណ្ណា"),
        *("ເກັບຂໍ້ມູນຫຍັງຂອງຂ້ອຍ", "ເກັບຂໍ້ມູນຂ້ອຍຫຍັງແດ່", "ເກັບຂໍ້ມູນຂ້ອຍດົນປານໃດ", "ຂໍ້ມູນຂອງຂ້ອຍ", "ຮູ້ຫຍັງກ່ຽວກັບຂ້ອຍ"),
        *("ມີຂໍ້ມູນຫຍັງຂອງຂ້ອຍ", "ເກັບຂໍ້ຄວາມຂ້ອຍດົນປານໃດ", "ໃຜເຫັນຂໍ້ມູນຂ້ອຍ"),
    ),
    OwnWish.ERASE: Sayings(
        *("delete my data", "erase my data", "delete me", "forget me", "remove my data", "delete everything about me"),
        *(
            "delete all about me",
            "delete all my messages",
            "delete my messages",
            "erase everything",
            "delete my number",
        ),
        *("erase my messages", "delete my information", "remove my number", "erase me"),
        *("លុបទិន្នន័យខ្ញុំ", "លុបព័ត៌មានខ្ញុំ", "លុបសារខ្ញុំ", "លុបសារខ្ញុំទាំងអស់", "លុបលេខខ្ញុំ", "សុំលុបទិន្នន័យ", "សុំលុបទិន្នន័យខ្ញុំ"),
        *("លុបទិន្នន័យរបស់ខ្ញុំ", "លុបទាំងអស់អំពីខ្ញុំ", "សុំលុបព័ត៌មានខ្ញុំ", "កុំទុកទិន្នន័យខ្ញុំ", "កុំទុកលេខខ្ញុំ", "លុបឈ្មោះខ្ញុំ"),
        *("ລຶບຂໍ້ມູນຂ້ອຍ", "ລຶບຂໍ້ມູນຂອງຂ້ອຍ", "ຂໍລຶບຂໍ້ມູນ", "ລຶບຂໍ້ຄວາມຂ້ອຍ", "ລຶບເບີຂ້ອຍ", "ລຶບທຸກຢ່າງກ່ຽວກັບຂ້ອຍ"),
        *("ລົບຂໍ້ມູນຂ້ອຍ", "ລົບຂໍ້ມູນຂອງຂ້ອຍ", "ລົບຂໍ້ຄວາມຂ້ອຍ", "ຢ່າເກັບຂໍ້ມູນຂ້ອຍ", "ລຶບຊື່ຂ້ອຍ"),
    ),
    OwnWish.OTHER_PERSON: Sayings(
        *(
            "another person",
            "other person",
            "somebody else",
            "someone else",
            "i am another person",
            "i am someone else",
        ),
        *(
            "i am not her",
            "i am not him",
            "this is my sisters phone",
            "this is my mothers phone",
            "this is not my phone",
        ),
        *("this is my husbands phone", "this is my wifes phone", "this is my neighbours phone", "borrowed phone"),
        *("មនុស្សផ្សេង", "អ្នកផ្សេង", "ខ្ញុំជាអ្នកផ្សេង", "ខ្ញុំជាមនុស្សផ្សេង", "មិនមែនទូរស័ព្ទខ្ញុំ", "ទូរស័ព្ទនេះរបស់បងខ្ញុំ", "ទូរស័ព្ទបងខ្ញុំ"),
        *("នេះជាទូរស័ព្ទបងខ្ញុំ", "នេះជាទូរស័ព្ទម្ដាយខ្ញុំ", "នេះជាទូរស័ព្ទប្ដីខ្ញុំ", "ខ្ញុំខ្ចីទូរស័ព្ទគេ", "ខ្ចីទូរស័ព្ទគេ", "ប្រើទូរស័ព្ទគេ"),
        *("ຄົນອື່ນ", "ຂ້ອຍແມ່ນຄົນອື່ນ", "ຂ້ອຍເປັນຄົນອື່ນ", "ບໍ່ແມ່ນໂທລະສັບຂ້ອຍ", "ນີ້ແມ່ນໂທລະສັບເອື້ອຍຂ້ອຍ", "ໂທລະສັບເອື້ອຍຂ້ອຍ"),
        *("ນີ້ແມ່ນໂທລະສັບແມ່ຂ້ອຍ", "ນີ້ແມ່ນໂທລະສັບຜົວຂ້ອຍ", "ຢືມໂທລະສັບ", "ຂ້ອຍຢືມໂທລະສັບ", "ໃຊ້ໂທລະສັບຄົນອື່ນ"),
    ),
}
"""Closed lists; a wish that is said otherwise is read like any text, and a person finds it."""
