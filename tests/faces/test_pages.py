"""A sensitive case on the pages: every route of the console answers others as for a case that never was."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from domain.settings import Level
from tests.console.staff_site import StaffSite, Visitor
from tests.faces.cast import ABUSE, HER_NUMBER, INVENTED, Place, places
from tests.support.databases import Databases

OTHERS = ("desk", "staff", "admin")
CHANCE = re.compile(r'name="(csrf_token|form)" value="[^"]*"|nonce="[^"]*"|nonce-[\w-]+')
ACTS = ("take", "reply", "note", "resolve", "reject", "ask", "called", "hand-on", "close", "kind", "form", "told")
OWN_DOORS = ("password", "sign", "set-up", "second-factor", "sessions", "static", "my-password")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Place]:
    with places(databases, request.param, 1) as made:
        yield made[0]


@pytest.fixture
def site(place: Place) -> StaffSite:
    return StaffSite(place.world)


def rules(site: StaffSite) -> list[Rule]:
    """Return every route of the console but the doors, which show nothing of cases."""
    found = [rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/console/")]
    return [rule for rule in found if not rule.rule.removeprefix("/console/").startswith(OWN_DOORS)]


def paths(site: StaffSite, rule: Rule, reference: str) -> Iterator[str]:
    adapter = site.app.url_map.bind("localhost")
    for act in ACTS if "act" in rule.arguments else ("",):
        values = {"reference": reference, "file_id": 1, "message_id": 1, "act": act, "rest": f"cases/{reference}"}
        yield adapter.build(rule.endpoint, {name: values.get(name, "1") for name in rule.arguments})


def said(answer: TestResponse, reference: str) -> tuple[int, str, str]:
    page = CHANCE.sub("", answer.get_data(as_text=True)).replace(reference, "REF")
    return answer.status_code, str(answer.headers.get("Location", "")).replace(reference, "REF"), page


def asks(place: Place, visitor: Visitor, path: str, method: str) -> tuple[TestResponse, int]:
    del place.statements[:]
    fields = {"words": "x", "kind": "child", "outcome": "upheld", "form": "f" * 24, "csrf_token": token(visitor)}
    before = len(place.statements)
    answer = visitor.client.open(path, method=method, data=fields if method == "POST" else None)
    return answer, len(place.statements) - before


def token(visitor: Visitor) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.opens("sessions").get_data(as_text=True))
    assert found is not None
    return found[1]


def test_every_level_with_a_way_into_the_console_is_tried(site: StaffSite) -> None:
    from domain.permissions import Permission, permissions_of

    let_in = {level for level in Level if Permission.CONSOLE_USE in permissions_of(frozenset({level}))}
    assert let_in - {Level.FOCAL} == {Level(name) for name in OTHERS}


@pytest.mark.parametrize("name", OTHERS)
def test_every_route(place: Place, site: StaffSite, name: str) -> None:
    reference = place.she_reports()
    visitor = site.visitor(name)
    walked = 0
    for rule in rules(site):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            pairs = zip(paths(site, rule, reference), paths(site, rule, INVENTED), strict=True)
            for real, invented in pairs:
                first, second = asks(place, visitor, real, method), asks(place, visitor, invented, method)
                assert said(first[0], reference) == said(second[0], INVENTED), (method, real)
                if "reference" in rule.arguments:
                    assert first[1] == second[1], ("statements", method, real)
                page = first[0].get_data(as_text=True)
                assert not any(each in page for each in (ABUSE, HER_NUMBER)), real
                if reference not in real:
                    assert reference not in page, real
                walked += 1
    assert walked > 20


def test_a_stranger_finds_no_page(place: Place, site: StaffSite) -> None:
    reference = place.she_reports()
    client = site.app.test_client()
    for rule in rules(site):
        for real, invented in zip(paths(site, rule, reference), paths(site, rule, INVENTED), strict=True):
            assert said(client.get(real), reference) == said(client.get(invented), INVENTED), real
