"""Whether a whole text says that somebody wants her matter taken up no more."""

from understanding.wishes.ways import Ways


def says_withdraw(text: str) -> bool:
    """Tell whether a whole text takes a matter back (`ខ្ញុំលែងយកទៀតហើយ`, `ຂໍຖອນເລື່ອງ`, `I don't want it any more`).

    A usual reason may be given. She is asked whether she means it.
    """
    return _WITHDRAWING.is_said(text, reasons=True)


_IT = "(it/this/my case/my complaint/my report/the case/the complaint/my problem/my request/this case/this matter/my matter)"
_WITHDRAWING = Ways(
    f"[i/i want to/i would like to/can you/can i/i wish to] (withdraw/cancel/close/drop/take back/forget about) {_IT}",
    "[i/i want to/can you/please] stop (my/the) (case/complaint/report/request)",
    "(withdraw/i withdraw/i take it back/take it back/drop it/i drop it/forget it/never mind/nevermind)",
    "i (dont/do not) (want/need) [it/this/help/your help/that/my complaint] (any more/anymore/any longer/now)",
    "i (dont/do not) want to (complain/report/continue/go on) [any more/anymore/now]",
    f"(no need/not needed) [for help/to solve/to check/to help/to follow] [{_IT}] [any more/anymore/now]",
    "(no need any more/no need anymore/not needed any more/no need to solve it/no need to check)",
    "[<k_me>] [<k_wish>] <k_take_back> <k_case> [<k_this>] [<k_back>/<k_off>] [<k_already>]",
    "<k_dont> <k_solve> [<k_again>] <k_case> [<k_again>]",
    "[<k_me>] [<k_wish>] <k_delete> <k_case> [<k_off>]",
    "[<k_me>] (លែង/lerng/leng/laeng/ឈប់/chhob) <k_wanting> (<k_case> [<k_again>] [<k_already>]/<k_again> "
    "[<k_already>]/<k_already>)",
    "[<k_me>] (លែង/lerng/leng/laeng/ឈប់/chhob/chob) <k_complain> [<k_case>] [<k_again>] [<k_already>] [<k_go>]",
    "[<k_me>] <k_not> (<k_wanting>/<k_complain>) [<k_case>] (<k_again> [<k_te>] [<k_already>]/[<k_te>] <k_already>)",
    "<k_needless> <k_solve> [<k_me>] [<k_te>] [<k_case>] [<k_again>] [<k_te>] [<k_already>]",
    "<k_needless> [<k_te>] [(ដោះស្រាយ/dos sray/doh sray)] <k_already>",
    "[<k_me>] [<k_wish>] (បញ្ឈប់/បញ្ចប់/banh chob/banhchhob/banh chob/banh chhob/បោះបង់/bos bong/bosbong/boh "
    "bong/បិទ/bet) [<k_solve>] (<k_case>/<k_complain>) [<k_go>]",
    "[<k_me>] [<k_wish>] <k_stop> (<k_complain>/<k_solve>) (<k_case>/<k_complain>) [<k_go>] [<k_already>]",
    "[<k_me>] [<k_wish>] <k_stop> (ដោះស្រាយ/dos sray/doh sray/daoh sray) [<k_go>]",
    "[<l_me>] [<l_wish>] <l_take_back> (<l_case>/<l_complain>) [<l_this>] [<l_back>] [<l_already>]",
    "(ຂໍຖອນຄືນ/kho thon khuen/khor thon khuen/khor thon khun)",
    "[<l_me>] <l_not> (ເອົາ/ao/aw) [<l_case>] <l_already>",
    "[<l_me>] (ບໍ່ຕ້ອງ/bo tong/bor tong/br tong/ບໍ່ຕ້ອງການ) (<l_solve>/ການ/kan) [<l_me>] [<l_case>] [<l_already>/<l_again>]",
    "[<l_me>] <l_not> (<l_complain>) [<l_case>] <l_already>",
    "[<l_me>] <l_stop> <l_complain> [<l_already>]",
)
