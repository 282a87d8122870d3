"""Days, sums and numbers that a text names: kept with it, shown to officers, and forgotten where it turns sensitive."""

import re
from typing import Any

from sqlalchemy import text

from domain.lifecycle import Status
from storage.queries.casework import cases
from tests.support.world import World

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
WORDS = "ថ្ងៃទី៥ ភ្នាក់ងារឲ្យលុយតែ ៥ម៉ឺន ខលមក 012 345 601"


def kept(world: World) -> list[Any]:
    with world.store.reading() as tx:
        rows = tx.execute(text("SELECT reading FROM message WHERE direction = 'in' AND reading IS NOT NULL"))
        return [row.reading for row in rows]


def complain(world: World) -> str:
    phone = world.phone()
    reference = REFERENCE.findall(phone.writes(WORDS)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    return str(reference)


def test_what_a_text_names_is_kept_with_it_but_no_number(world: World) -> None:
    complain(world)
    stored = str(kept(world)[0])
    assert "50000" in stored
    assert "-05" in stored
    assert "345" not in stored


def test_an_officer_sees_it_under_the_words(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes(f"/case {reference}")
    shown = officer.taps("អាន")[0]
    assert WORDS in shown
    assert re.search(r"↳ 5/\d+ · 50,000 ៛ · \+85512345601", shown)


def test_it_is_forgotten_where_the_case_turns_sensitive(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes(f"/sensitive {reference}")
    assert "50000" not in str(kept(world))
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert case.status is Status.NEW
