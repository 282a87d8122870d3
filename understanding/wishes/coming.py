"""Whether a whole text says that somebody comes, or cannot, in three languages and in Latin letters."""

from understanding.wishes.ways import Ways


def says_coming(text: str) -> bool | None:
    """Return whether a whole text says that its writer comes (`ខ្ញុំមក`, `ມາບໍ່ໄດ້`); None where it says neither.

    A usual reason may be given for not coming. What asks says neither.
    """
    if "?" in text or _WHERE.is_said(text):
        return None
    if _NOT.is_said(text, reasons=True):
        return False
    return True if _COMING.is_said(text) else None


_MEETING = "[to] [(the meeting/meeting/there)]"
_WITH_KM = "[(ជាមួយ/ទាំង/និង/jea muoy/chea muoy/chamuoy/jmuoy/ning) <k_kin> [<k_my>]]"
_WITH_LO = "[(ກັບ/ພ້ອມ/ນຳ/kap/kab/gap/phom/nam) <l_kin> [<l_my>]]"
_WHERE = Ways("(ទៅ/មក/tov/tv/mok) (ណា/ណាណា/na)")
_COMING = Ways(
    "[i/we/i and my husband/me and my husband/me and my child/my husband and i] [will/can/am/are/shall/ill/will "
    f"be/want to] (come/go/join/attend/coming) {_MEETING} [with my <e_kin>]",
    "[i/we] [will/ill] be there [with my <e_kin>]",
    "(im coming/ill come/ill join/see you there/i will see you there/count me in)",
    "[<k_me>] [<k_shall>] (<k_come>/<k_join>/<k_go>) [<k_join>] [<k_meeting>] [<k_all_of_us>] [បាន/ban/barn] "
    f"{_WITH_KM}",
    f"[<l_me>] [<l_shall>] (<l_come>/<l_go>/<l_join>) [<l_join>] [<l_meeting>] [ນຳ/nam/num] [<l_can_plain>] {_WITH_LO}",
)
_NOT = Ways(
    "[i/we/i am/we are/im] (cant/can not/cannot/wont/will not/dont/do not/not able to/unable to/am not able "
    f"to/not/am not/are not) (come/go/join/attend/coming/going) {_MEETING}",
    "[i/we] (cant/can not/cannot/wont/will not) (make it/be there)",
    "[i] [am/im] (very/too) busy",
    "(i am busy/im busy/i have no time/no time/i am not free/not free)",
    "[<k_me>] (<k_come>/<k_go>/<k_join>) [<k_join>] [<k_meeting>] <k_unable> [<k_te>]",
    "[<k_me>] [<k_shall>] <k_not> [(អាច/ach/aj/បាន/ban)] [<k_shall>] (<k_come>/<k_go>/<k_join>) [<k_join>] "
    "[<k_meeting>] [បាន/ban/រួច/ruoch/rouch] [<k_te>]",
    "[<k_me>] <k_busy> [<k_te>]",
    "[<l_me>] (<l_come>/<l_go>/<l_join>) [<l_join>] [<l_meeting>] <l_not> (<l_can_plain>/ລອດ/lot)",
    "[<l_me>] [<l_shall>] <l_not> [<l_shall>/ໄດ້/dai] (<l_come>/<l_go>/<l_join>) [<l_join>] [<l_meeting>] "
    "[<l_can_plain>]",
    "[<l_me>] <l_busy>",
)
"""What means neither alone, such as a reason of another kind, is read like any text."""
