"""Bringing in lists of areas, of people and of payment rounds from CSV and XLSX: whole, or without the rows that are wrong.

A list is read once: each row is checked and what it would do is put down; only then is it written, in one transaction. An
empty cell says nothing and changes nothing, and the same file again changes nothing.
"""

from handlers.importing.areas import import_areas
from handlers.importing.people import import_people
from handlers.importing.report import Change, Choices, Report, RowFault
from handlers.importing.round_plans import RoundPlan, round_from_last
from handlers.importing.rounds import import_round

__all__ = [
    "Change",
    "Choices",
    "Report",
    "RoundPlan",
    "RowFault",
    "import_areas",
    "import_people",
    "import_round",
    "round_from_last",
]
