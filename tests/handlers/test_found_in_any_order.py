"""What playing in any order has found, each as a story of its own."""

from datetime import timedelta

from sqlalchemy import select

from domain.reading import Language
from domain.settings import Level
from handlers.staffing import leaving
from storage.queries.casework import caseload
from storage.tables import Case
from storage.tables.base import table_of
from tests.handlers.officers.test_officers import complain
from tests.support.world import World
from wording import say

_C = table_of(Case)


def test_an_officer_who_names_abuse_is_told_no_category(world: World) -> None:
    """Found so: the answer to `/category REF abuse` left the word and the reference on his phone (rule 6)."""
    reference = complain(world)
    answer = world.officer("facilitator").writes(f"/category {reference} abuse")
    assert answer == [say("officer_marked_sensitive", Language.KM, ref=reference)]


def test_a_sensitive_case_is_escalated_to_nobody(world: World) -> None:
    """Found so: `/escalate` by a focal point gave the case to the officers of the area (rule 6)."""
    world.phone().writes("ប្ដីខ្ញុំវាយខ្ញុំរាល់យប់ សុំជួយផង")
    focal = world.officer("focal one")
    with world.store.reading() as tx:
        reference = tx.execute(select(_C.c.reference)).scalar_one()
    answer = focal.writes(f"/escalate {reference} សូមជួយ")
    assert answer == [say("officer_escalate_sensitive", Language.KM, ref=reference)]
    assert not any(reference in text for name in ("chief", "district", "desk") for text in world.officer(name).texts)
    with world.store.reading() as tx:
        assert tx.execute(select(_C.c.level)).scalar_one() == Level.FOCAL.value


def test_the_national_officer_may_go_although_a_case_without_a_place_lies_with_him(world: World) -> None:
    """Found so: a complaint of the desk's own has no place, and stopped whoever held it from being away."""
    world.officer("desk").writes("/complain ប្រាក់ខែខ្ញុំមិនទាន់បានទេ")
    until = world.now.date() + timedelta(days=3)
    leaving.absent(world.context, world.staff["nation"], until, world.now)
    with world.store.reading() as tx:
        assert caseload.listed(tx, 1)[0].level is Level.DESK
