"""The desk's page of what many people wrote about: what would be sent is shown first, and one answer goes to all."""

import pytest

from tests.console.staff_site import StaffSite, Visitor, crowd, text_of
from tests.support.world import World

WORDS = "បើកប្រាក់ថ្ងៃសុក្រ"
PAGE = "desk/incidents/1"


@pytest.fixture
def site(world: World) -> StaffSite:
    crowd(world)
    return StaffSite(world)


def answers(who: Visitor, act: str, **fields: str):
    path = f"{PAGE}/{act}"
    return who.sends(path, page=PAGE, action=f"{PAGE}/preview", outcome="upheld", **fields)


def test_one_answer_goes_to_all_once_after_it_was_shown(site: StaffSite) -> None:
    desk = site.visitor("desk")
    assert "3 នាក់" in desk.reads("desk/incidents")
    shown = text_of(answers(desk, "preview", words_km=WORDS))
    assert "3" in shown
    assert WORDS in shown
    assert site.case(site.reference(id=1)).status == "new", "nothing goes before it was seen"
    form = answers(desk, "send", words_km=WORDS)
    assert "ចម្លើយកំពុងផ្ញើ" in text_of(form)
    site.world.sweep()
    site.world.pass_time(minutes=5)
    for n in range(3):
        assert any(WORDS in text for text in site.world.phone(f"+855121000{n:02}").texts)
    assert site.case(site.reference(id=1)).outcome == "upheld"


def test_an_answer_that_some_cannot_read_is_not_sent_and_stays_to_be_mended(site: StaffSite) -> None:
    desk = site.visitor("desk")
    answer = answers(desk, "send", words_en="Money comes on Friday")
    assert "Money comes on Friday" in text_of(answer)
    assert "ចម្លើយកំពុងផ្ញើ" not in text_of(answer)
    assert text_of(answers(desk, "send")).count("យ៉ាងតិចជាភាសាមួយ") == 1


@pytest.mark.parametrize("name", ["focal one", "staff"])
def test_it_is_the_desks_page_alone(site: StaffSite, name: str) -> None:
    other = site.visitor(name)
    for path in ("desk/incidents", PAGE):
        assert other.opens(path).status_code == 404
    assert site.visitor("desk").opens("desk/incidents/2").status_code == 404
