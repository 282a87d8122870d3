"""What somebody wishes of surveys and of reminders of money, apart from STOP: no more of them, or again."""

from enum import StrEnum

from understanding.wishes.ways import Ways


class BulkWish(StrEnum):
    """A wish about what is sent to many, said in a whole text."""

    NO_SURVEYS = "no_surveys"
    SURVEYS = "surveys"
    NO_MONEY = "no_money"
    MONEY = "money"


def bulk_wish(text: str) -> BulkWish | None:
    """Return what a whole text wishes (`កុំសួរទៀត`, `ບໍ່ຕ້ອງເຕືອນເລື່ອງເງິນ`, `no surveys`); None where it is none of these.

    A usual reason may be given for wishing no more of them. What asks is no wish.
    """
    if "?" in text:
        return None
    return next((wish for wish, ways in _SAID.items() if ways.is_said(text, reasons=wish in _REASONED)), None)


_REASONED = frozenset({BulkWish.NO_SURVEYS, BulkWish.NO_MONEY})
_AGAIN = "[(again/any more/anymore/ever again/another time/no more)]"
_SAID = {
    BulkWish.NO_SURVEYS: Ways(
        "(no/no more/stop/stop the/stop these/not want/stop with the/stop with) (survey/surveys/question/questions)",
        "surveys off",
        "(dont/do not/stop/no need to/you dont need to) (ask/asking/question) [me] [any] [more] [your/the/these] "
        f"[questions/surveys] {_AGAIN}",
        "(dont/do not/stop/no need to/no) (send/sending) [me] [any] [more] [your/the/these] "
        f"(questions/survey/surveys) [to me] {_AGAIN}",
        "i (dont/do not) (want/like/need) [to answer/to get/to receive] [any/your/more/these] [more] "
        f"(questions/survey/surveys) {_AGAIN}",
        f"i (dont/do not/will not/wont) [want to] answer [your/any/the/these] (questions/survey/surveys) {_AGAIN}",
        "i am (tired of/fed up with) [your/the/these] (questions/surveys/survey)",
        "(<k_dont>/<k_stop>/<k_needless>) [<k_send>] <k_ask> [<k_questions>] [<k_me>] [<k_questions>] [<k_come>] "
        "[<k_me>] [<k_again>] [<k_te>/<k_go>]",
        "[<k_me>] <k_no_wish_to> <k_ask> [<k_me>] [<k_questions>] [<k_again>] [<k_te>]",
        "(<k_dont>/<k_stop>/<k_needless>) [<k_send>] [ការ/kar] <k_questions> [<k_come>] [<k_me>] [<k_again>] "
        "[<k_te>/<k_go>]",
        "[<k_me>] (<k_no_wish>/<k_no_more>) <k_answer> [<k_questions>] [<k_again>] [<k_te>] [<k_already>]",
        "<k_me> <k_not> <k_answer> <k_again>",
        "[<k_me>] (<k_not>) <k_answer> <k_questions> [<k_again>] [<k_te>]",
        "(<l_dont>/<l_stop>/<l_no_wish_to>) <l_ask> [<l_questions>] [<l_me>] [<l_come>] [<l_again>]",
        "(<l_dont>/<l_stop>/<l_no_wish_to>) <l_send> <l_questions> [<l_come>] [ຫາ/ha/ໃຫ້/hai] [<l_me>] [<l_again>]",
        "[<l_me>] (ຂໍ/kho/khor) <l_not> <l_answer> [<l_questions>] [<l_again>]",
        "[<l_me>] <l_no_wish> <l_answer> [<l_questions>] [<l_again>] [<l_already>]",
        "<l_me> <l_not> <l_answer> (<l_already>/<l_again>)",
        "[<l_me>] (<l_not>) (ເອົາ/ao) <l_questions> [<l_again>] [<l_already>]",
    ),
    BulkWish.SURVEYS: Ways(
        "(surveys again/survey again/surveys on/start surveys/surveys)",
        "[you (may/can)] (ask me [questions/surveys] (again/now)/ask me)",
        "[you (may/can)] send [me] [the/your/more] (questions/survey/surveys) [to me] (again/now)",
        "i (want/like/wish) (questions/survey/surveys) again",
        "i (will/want to/can) answer [your/the] (questions/survey/surveys) (again/now)",
        "(<k_may>) <k_ask> <k_me> [<k_again>/<k_back>] [<k_come>] [<k_can>]",
        "<k_ask> <k_me> [<k_again>/<k_back>] [<k_come>] <k_can>",
        "<k_ask> [<k_me>] [<k_come>] <k_back>",
        "[<k_may>] <k_send> <k_questions> [<k_come>] [<k_me>] <k_back> [<k_can>]",
        "<k_me> (ចង់/chong/jong/នឹង/nung) <k_answer> <k_questions> (<k_back>/<k_again>)",
        "<l_send> <l_questions> [<l_come>] [ຫາ/ha/ໃຫ້/hai] [<l_me>] <l_can>",
        "start (sending) [me] (survey/surveys/questions) [again]",
        "<l_ask> <l_me> [<l_come>] [<l_back>] [<l_can>] [<l_back>]",
        "<l_ask> (<l_come> [<l_back>] <l_can>/(ຄືນ/khuen/khun/kheun) [<l_can>]/<l_can>)",
        "<l_send> <l_questions> [<l_come>] [ຫາ/ha/ໃຫ້/hai] [<l_me>] <l_back> [<l_can>]",
        "<l_me> (ຢາກ/ຊິ/yak/si) <l_answer> <l_questions> <l_back>",
    ),
    BulkWish.NO_MONEY: Ways(
        "(no/no more/stop/stop the/i dont want/i do not want/stop sending) money "
        "(reminder/reminders/message/messages/sms)",
        "(no/no more/stop/i dont want/i do not want) (reminder/reminders) (of/about) [the] money",
        "(no more/stop/i dont want/i do not want) (message/messages/sms) (of/about) [the] money",
        "(dont/do not/stop) (send/sending) [me] [any] [more] reminders (of/about) [the] money [again]",
        "money off",
        "(dont/do not/never/stop/no need to) "
        "(remind/reminding/write/writing/text/texting/message/messaging/tell/telling/sms) [to] [me] (of/about) "
        f"[the] money {_AGAIN}",
        "(dont/do not/stop) (send/sending) [me] [any] [more] (money "
        f"(message/messages/sms/reminders)/(message/messages/sms/reminders) (about/of) [the] money) {_AGAIN}",
        "(<k_dont>/<k_stop>/<k_needless>/<k_no_wish_to>) <k_remind> [<k_me>] [<k_about>] <k_money> [<k_come>] "
        "[<k_me>] [<k_again>] [<k_te>/<k_go>]",
        "(<k_dont>/<k_stop>/<k_needless>/<k_no_wish_to>) (<k_send>/<k_tell>) [<k_text>] [<k_tell>] [<k_come>] "
        "[<k_me>] <k_about> <k_money> [<k_come>] [<k_me>] [<k_again>] [<k_te>/<k_go>]",
        "(<l_dont>/<l_stop>/<l_no_wish_to>) <l_remind> [<l_me>] [<l_matter>] <l_money> [<l_come>] [<l_me>] [<l_again>]",
        "(<l_dont>/<l_stop>/<l_no_wish_to>) (<l_send>/<l_tell>) [<l_text>] [<l_come>] [<l_me>] <l_matter> "
        "<l_money> [<l_come>] [ຫາ/ha/ໃຫ້/hai] [<l_me>] [<l_again>]",
        "(<l_dont>/<l_stop>/<l_no_wish>) [<l_send>] <l_text> [<l_matter>] <l_money> [<l_come>] [ຫາ/ha/ໃຫ້/hai] "
        "[<l_me>] [<l_again>]",
        "(<k_dont>/<k_stop>/<k_needless>) [<k_send>] <k_text> [<k_about>] <k_money> [<k_come>] [<k_me>] [<k_again>]",
    ),
    BulkWish.MONEY: Ways(
        "(money reminders/money reminders again/money reminders on/i want money reminders again)",
        "[you (may/can)] remind me (of/about) [the] money [again]",
        "send [me] [the] (money (message/messages/reminders)/(messages/reminders) (of/about) [the] money) again",
        "<k_remind> [<k_me>] [<k_about>] <k_money> [<k_come>] [<k_me>] (<k_back>/<k_can>/<k_back> "
        "<k_can>/<k_can> <k_back>)",
        "(<k_send>/<k_tell>) [<k_text>] [<k_me>] <k_about> <k_money> [<k_come>] [<k_me>] <k_back> [<k_can>]",
        "<l_remind> [<l_me>] <l_matter> <l_money> [<l_come>] [<l_back>] [<l_can>]",
        "(<l_send>/<l_tell>) [<l_text>] <l_matter> <l_money> [<l_come>] <l_back> [<l_can>]",
    ),
}
"""What is said otherwise is read like any text, and a person finds it."""
