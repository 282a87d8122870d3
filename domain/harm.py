"""The kinds of sensitive case, told apart because each has its own clock and duties."""

from enum import StrEnum


class Harm(StrEnum):
    """What a sensitive case is; `unsorted` until a focal point has said."""

    UNSORTED = "unsorted"
    SEA_SH = "sea_sh"
    HOME = "home"
    CHILD = "child"
    RETALIATION = "retaliation"
