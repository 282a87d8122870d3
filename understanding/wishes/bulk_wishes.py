"""What somebody wishes of surveys and of reminders of money, apart from STOP: no more of them, or again."""

from enum import StrEnum

from understanding.wishes.exact_sayings import ExactSayings


class BulkWish(StrEnum):
    """A wish about what is sent to many, said in a whole text."""

    NO_SURVEYS = "no_surveys"
    SURVEYS = "surveys"
    NO_MONEY = "no_money"
    MONEY = "money"


def bulk_wish(text: str) -> BulkWish | None:
    """Return what a whole text wishes (`កុំសួរទៀត`, `ບໍ່ຕ້ອງເຕືອນເລື່ອງເງິນ`, `no surveys`); None where it is none of these."""
    return next((wish for wish, sayings in _SAID.items() if sayings.is_said(text)), None)


_SAID = {
    BulkWish.NO_SURVEYS: ExactSayings(
        *(
            "no surveys",
            "no survey",
            "no more surveys",
            "stop surveys",
            "stop survey",
            "stop the surveys",
            "surveys off",
        ),
        *(
            "no questions",
            "no more questions",
            "dont ask me",
            "do not ask me",
            "stop asking me",
            "dont ask me any more",
        ),
        *("do not ask me any more", "dont send me surveys", "do not send me surveys"),
        *("កុំសួរ", "កុំសួរទៀត", "កុំសួរខ្ញុំ", "កុំសួរខ្ញុំទៀត", "ឈប់សួរ", "ឈប់សួរខ្ញុំ", "កុំស្ទង់មតិ", "មិនចង់ឆ្លើយសំណួរ", "ខ្ញុំមិនចង់ឆ្លើយសំណួរ"),
        *("មិនចង់ឲ្យសួរ", "សុំកុំសួរ", "សុំកុំសួរទៀត", "ឈប់សួរសំណួរ", "កុំផ្ញើសំណួរ", "កុំផ្ញើសំណួរទៀត", "ឈប់ស្ទង់មតិ"),
        *("ຢ່າຖາມ", "ຢ່າຖາມອີກ", "ຢ່າຖາມຂ້ອຍ", "ຢ່າຖາມຂ້ອຍອີກ", "ເຊົາຖາມ", "ເຊົາຖາມຂ້ອຍ", "ບໍ່ຕ້ອງຖາມ", "ບໍ່ຕ້ອງຖາມອີກ", "ບໍ່ຕ້ອງຖາມຂ້ອຍ"),
        *("ບໍ່ຢາກຕອບຄຳຖາມ", "ຂ້ອຍບໍ່ຢາກຕອບຄຳຖາມ", "ບໍ່ເອົາແບບສອບຖາມ", "ເຊົາສົ່ງຄຳຖາມ", "ຢ່າສົ່ງຄຳຖາມ", "ບໍ່ຢາກໃຫ້ຖາມ"),
    ),
    BulkWish.SURVEYS: ExactSayings(
        *("surveys again", "survey again", "surveys on", "ask me again", "you may ask me", "you can ask me"),
        *("you may ask me again", "you can ask me again", "start surveys"),
        *("សួរខ្ញុំវិញ", "សួរវិញ", "សួរខ្ញុំបាន", "អាចសួរខ្ញុំ", "អាចសួរខ្ញុំវិញ", "សួរខ្ញុំវិញបាន", "សុំសួរខ្ញុំវិញ"),
        *("ຖາມຂ້ອຍໄດ້", "ຖາມຂ້ອຍຄືນ", "ຖາມຂ້ອຍອີກໄດ້", "ຖາມຄືນ", "ຖາມຄືນໄດ້", "ຖາມຂ້ອຍຄືນໄດ້"),
    ),
    BulkWish.NO_MONEY: ExactSayings(
        *("no money reminders", "no money reminder", "no reminders of money", "no reminders about money", "money off"),
        *("stop money reminders", "dont remind me of money", "do not remind me of money", "never remind me of money"),
        *("dont write about money", "do not write about money", "dont remind me about money", "no money messages"),
        *("do not remind me about money", "dont write to me about money", "do not write to me about money"),
        *("កុំរំលឹកអំពីលុយ", "កុំរំលឹកលុយ", "កុំរំលឹកខ្ញុំអំពីលុយ", "កុំរំលឹករឿងលុយ", "ឈប់រំលឹកអំពីលុយ", "ឈប់រំលឹករឿងលុយ", "កុំផ្ញើសារអំពីលុយ"),
        *("កុំសរសេរអំពីលុយ", "កុំនិយាយរឿងលុយ", "សុំកុំរំលឹកអំពីលុយ", "កុំរំលឹកអំពីប្រាក់", "កុំរំលឹកខ្ញុំអំពីប្រាក់", "កុំផ្ញើសាររឿងលុយ"),
        *("ຢ່າເຕືອນເລື່ອງເງິນ", "ບໍ່ຕ້ອງເຕືອນເລື່ອງເງິນ", "ຢ່າເຕືອນຂ້ອຍເລື່ອງເງິນ", "ເຊົາເຕືອນເລື່ອງເງິນ", "ຢ່າສົ່ງເລື່ອງເງິນ"),
        *("ຢ່າສົ່ງຂໍ້ຄວາມເລື່ອງເງິນ", "ບໍ່ຕ້ອງສົ່ງເລື່ອງເງິນ", "ຢ່າຂຽນເລື່ອງເງິນ", "ບໍ່ຢາກໃຫ້ເຕືອນເລື່ອງເງິນ", "ຢ່າບອກເລື່ອງເງິນ"),
    ),
    BulkWish.MONEY: ExactSayings(
        *(
            "money reminders",
            "money reminders again",
            "money reminders on",
            "remind me of money",
            "remind me of money again",
        ),
        *("you may remind me of money", "remind me about money", "remind me about money again"),
        *("រំលឹកអំពីលុយវិញ", "រំលឹកខ្ញុំអំពីលុយវិញ", "រំលឹកអំពីលុយបាន", "រំលឹករឿងលុយវិញ", "សុំរំលឹកអំពីលុយវិញ"),
        *("ເຕືອນເລື່ອງເງິນຄືນ", "ເຕືອນເລື່ອງເງິນໄດ້", "ເຕືອນຂ້ອຍເລື່ອງເງິນ", "ເຕືອນຂ້ອຍເລື່ອງເງິນຄືນ", "ເຕືອນເລື່ອງເງິນ"),
    ),
}
"""Closed lists; a wish that is said otherwise is read like any text, and a person finds it."""
