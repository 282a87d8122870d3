"""Sensitive cases at the console: there for their focal points, and without a trace for everybody else."""

import re

import pytest

from domain.permissions import Permission
from storage.queries import audit
from tests.console.staff_site import StaffSite, Visitor, form_of, text_of
from tests.support.world import World

ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
INVENTED = "LP-7K3M-9Q"


@pytest.fixture
def site(world: World) -> StaffSite:
    return StaffSite(world)


@pytest.fixture
def reference(site: StaffSite) -> str:
    site.world.phone().writes(ABUSE)
    return site.reference(sensitive="unsorted")


@pytest.fixture
def focal(site: StaffSite) -> Visitor:
    return site.visitor("focal one")


def does(focal: Visitor, reference: str, act: str, **fields: str):
    return focal.sends(f"sensitive/{reference}/{act}", page=f"sensitive/{reference}", **fields)


def events(site: StaffSite, reference: str) -> list[str]:
    with site.world.store.reading() as tx:
        return [each.type for each in audit.of_case(tx, site.case(reference).id)]


def test_a_focal_point_reads_her_words_and_that_is_noted(site: StaffSite, reference: str, focal: Visitor) -> None:
    listed = focal.reads("sensitive")
    assert reference in listed
    assert ABUSE not in listed
    before = events(site, reference).count("case.read")
    assert ABUSE in focal.reads(f"sensitive/{reference}")
    assert events(site, reference).count("case.read") == before + 1


def test_call_hours_are_seen(site: StaffSite, reference: str, focal: Visitor) -> None:
    site.world.phone().writes("ខលព្រឹក ៨ ដល់ ១០")
    page = focal.reads(f"sensitive/{reference}?lang=en")
    assert "Call between 8 and 10 o'clock" in page
    assert "+85512345678" not in page
    assert "+85512345678" in text_of(does(focal, reference, "number"))
    assert "case.number_shown" in events(site, reference)


def test_the_kind_is_told_apart(site: StaffSite, reference: str, focal: Visitor) -> None:
    does(focal, reference, "kind", kind="sea_sh")
    assert site.case(reference).sensitive == "sea_sh"
    assert "case.harm_kind" in events(site, reference)
    assert does(focal, reference, "kind", kind="nothing").status_code == 400


def test_an_answer_goes_by_her_phone_and_nothing_else_does(site: StaffSite, reference: str, focal: Visitor) -> None:
    she = site.world.phone()
    before = len(she.texts)
    does(focal, reference, "note", words="ត្រូវខលថ្ងៃស្អែក")
    does(focal, reference, "resolve", outcome="upheld", words="បានបញ្ជូនទៅមន្ទីរពេទ្យ")
    assert site.case(reference).status == "resolved"
    does(focal, reference, "close")
    assert site.case(reference).status == "closed"
    site.world.pass_time(hours=1)
    assert len(she.texts) == before, "nobody tells her that it was decided or closed"


def test_words_of_a_focal_point_reach_her(site: StaffSite, reference: str, focal: Visitor) -> None:
    does(focal, reference, "reply", words="យើងនៅទីនេះ")
    site.world.pass_time(minutes=2)
    assert any("យើងនៅទីនេះ" in text for text in site.world.phone().texts)


def test_closed_ones_are_in_a_list_of_their_own(site: StaffSite, reference: str, focal: Visitor) -> None:
    does(focal, reference, "resolve", outcome="upheld", words="រួច")
    does(focal, reference, "close")
    assert reference not in focal.reads("sensitive")
    assert reference in focal.reads("sensitive?closed=1")


def test_a_release_needs_a_reason_and_gives_it_to_the_area(site: StaffSite, reference: str, focal: Visitor) -> None:
    assert does(focal, reference, "release", words=" ").status_code == 400
    page = does(focal, reference, "release", words="មិនមែនរឿងសម្ងាត់")
    assert page.status_code == 200
    assert site.case(reference).sensitive is None
    assert focal.opens(f"sensitive/{reference}").status_code == 404
    assert "case.released" in events(site, reference)


@pytest.mark.parametrize("name", ["desk", "staff"])
def test_others_get_the_answer_of_an_unknown_page(site: StaffSite, reference: str, name: str) -> None:
    other = site.visitor(name)
    unknown = other.client.get("/console/nothing/here")
    assert unknown.status_code == 404
    paths = ["sensitive", f"sensitive/{reference}", f"sensitive/{INVENTED}", f"sensitive/{reference}/files/1"]
    paths += [f"desk/cases/{reference}", f"desk/cases/{INVENTED}", f"slips/{reference}", f"slips/{INVENTED}"]
    for path in paths:
        answer = other.client.get(f"/console/{path}")
        assert (answer.status_code, answer.data) == (404, unknown.data), path
        assert dict(answer.headers) == dict(unknown.headers), path


def test_a_form_of_others_changes_nothing(site: StaffSite, reference: str) -> None:
    desk = site.visitor("desk")
    form = {**form_of(desk.opens("sessions").get_data(as_text=True), "/console/sessions"), "form": "f" * 20}
    unknown = desk.client.post("/console/nothing/here", data=form)
    before = site.case(reference)
    for path in (f"sensitive/{reference}/release", f"sensitive/{reference}/kind", f"desk/cases/{reference}/reply"):
        for real in (path, path.replace(reference, INVENTED)):
            answer = desk.client.post(f"/console/{real}", data={**form, "words": "x", "kind": "child"})
            assert (answer.status_code, answer.data) == (404, unknown.data), real
    assert site.case(reference) == before


def test_nothing_of_it_is_in_any_page_of_the_desk_or_staff(site: StaffSite, reference: str) -> None:
    for name in ("desk", "staff"):
        visitor = site.visitor(name)
        for path in ("", "desk", "desk/calls", "sessions"):
            answer = visitor.opens(path)
            assert reference not in answer.get_data(as_text=True), (name, path)
            assert "sensitive" not in answer.get_data(as_text=True), (name, path)


def test_figures_of_the_desk_are_the_same_with_and_without_one(site: StaffSite) -> None:
    desk = site.visitor("desk")
    before = desk.reads("desk")
    site.world.phone().writes(ABUSE)
    assert desk.reads("desk") == before


def test_a_sensitive_reference_takes_as_many_queries_as_an_unknown_one(site: StaffSite, reference: str) -> None:
    from sqlalchemy import event

    desk = site.visitor("desk")
    counts = []
    for path in (reference, INVENTED):
        said: list[str] = []

        def note(_connection, _cursor, statement, *_: object, said: list[str] = said) -> None:
            said.append(statement)

        event.listen(site.world.store.engine, "before_cursor_execute", note)
        desk.client.get(f"/console/desk/cases/{path}")
        event.remove(site.world.store.engine, "before_cursor_execute", note)
        counts.append(said)
    assert counts[0] == counts[1]


def test_whom_a_case_names_does_not_see_it(site: StaffSite, reference: str, focal: Visitor) -> None:
    from sqlalchemy import insert

    from storage.tables import CaseBar
    from storage.tables.base import table_of

    with site.world.store.transaction() as tx:
        row = {"case_id": site.case(reference).id, "staff_id": site.world.staff["focal one"], "by": "desk"}
        tx.execute(insert(table_of(CaseBar)).values(since=site.world.now, **row))
    assert reference not in focal.reads("sensitive")
    assert focal.opens(f"sensitive/{reference}").status_code == 404
    assert reference in site.visitor("focal two").reads("sensitive")


def test_every_page_of_the_console_is_shut_to_who_lacks_its_permission(site: StaffSite) -> None:
    visitors = {name: site.visitor(name) for name in ("desk", "focal one", "staff")}
    nobody = site.app.test_client()
    walked = 0
    for rule in site.app.url_map.iter_rules():
        needed = getattr(site.app.view_functions[rule.endpoint], "permission", None)
        assert isinstance(needed, Permission), rule.endpoint
        if needed is Permission.PUBLIC:
            continue
        path = rule.rule.replace("<reference>", INVENTED).replace("<act>", "note").replace("<path:rest>", "nowhere")
        path = re.sub(r"<int:\w+>", "1", path)
        walked += 1
        if "GET" in (rule.methods or ()):
            answer = nobody.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/console/sign-in"), rule.endpoint
        for name, visitor in visitors.items():
            held = _held(site, name)
            if needed not in held and "GET" in (rule.methods or ()):
                assert visitor.client.get(path).status_code == 404, (name, rule.endpoint)
    assert walked > 20


def _held(site: StaffSite, name: str) -> frozenset[Permission]:
    from domain.permissions import permissions_of
    from storage.queries.staffing import staff

    with site.world.store.reading() as tx:
        record = staff.by_id(tx, site.world.staff[name])
    assert record is not None
    return permissions_of(record.levels)


def test_staff_see_how_the_gateways_are_and_nothing_of_cases(site: StaffSite, reference: str) -> None:
    staff_member = site.visitor("staff")
    page = staff_member.reads("gateways?lang=en")
    assert "sms-test" in page
    assert "works" in page
    assert reference not in page


def test_the_form_is_kept_without_identity_and_its_clocks_are_seen(
    site: StaffSite, reference: str, focal: Visitor
) -> None:
    district = {"district": "1701", "first_day": "2026-03-01"}
    page = does(focal, reference, "form", age="from_18", may_refer="yes", words="គាត់ឲ្យទៅផ្ទះ", **district)
    assert "គាត់ឲ្យទៅផ្ទះ" in page.get_data(as_text=True)
    assert re.search(r'value="from_18" selected', focal.opens(f"sensitive/{reference}").get_data(as_text=True))
    assert "harm.form_kept" in events(site, reference)
    does(focal, reference, "kind", kind="sea_sh")
    page = focal.reads(f"sensitive/{reference}?lang=en")
    assert "The World Bank" in page
    does(focal, reference, "notified", body="bank")
    assert "notified 03/03/2026" in focal.reads(f"sensitive/{reference}?lang=en")
    assert does(focal, reference, "notified", body="nobody").status_code == 400


def test_a_form_with_a_number_or_a_wrong_period_is_not_kept_and_stays_to_be_mended(
    site: StaffSite, reference: str, focal: Visitor
) -> None:
    wrong = {"words": "ខលគាត់ 012 345 678", "first_day": "2026-03-02", "last_day": "2026-03-01"}
    page = does(focal, reference, "form", **wrong).get_data(as_text=True)
    assert "012 345 678" in page
    assert text_of(does(focal, reference, "form", **wrong)).count("មិនបានរក្សាទុកទេ") == 2
    assert "harm.form_kept" not in events(site, reference)
    assert "012 345 678" not in focal.opens(f"sensitive/{reference}").get_data(as_text=True)


def test_a_decision_that_waits_is_read_and_agreed_to_by_another_focal_point(
    site: StaffSite, reference: str, focal: Visitor
) -> None:
    from storage.queries.casework import cases

    other = site.visitor("focal two")
    with site.world.store.transaction() as tx:
        cases.change(tx, site.case(reference).id, category="corruption")
    does(focal, reference, "resolve", outcome="upheld", words="បានបញ្ជូនទៅមន្ទីរពេទ្យ")
    site.world.drain()
    told = site.world.officer("focal two")
    assert "មន្ទីរពេទ្យ" not in "".join(told.texts)
    assert told.received[-1].buttons == (), "a phone says to open the console, and no more"
    assert "/agree" not in focal.opens(f"sensitive/{reference}").get_data(as_text=True), "it is her own"
    assert "បានបញ្ជូនទៅមន្ទីរពេទ្យ" in other.reads(f"sensitive/{reference}")
    does(other, reference, "disagree", words="សូមសួរគាត់សិន")
    assert site.case(reference).is_open
    assert "សូមសួរគាត់សិន" in focal.reads(f"sensitive/{reference}"), "the reason stands in the console"
    does(focal, reference, "resolve", outcome="upheld", words="គាត់យល់ព្រម")
    assert "មិនផ្ញើសារ" in text_of(does(other, reference, "agree")), "nobody is said to be told"
    assert site.case(reference).status == "resolved"


def test_notes_are_read_by_the_other_focal_point(site: StaffSite, reference: str, focal: Visitor) -> None:
    does(focal, reference, "note", words="ខលម៉ោង ៩")
    assert "ខលម៉ោង ៩" in site.visitor("focal two").reads(f"sensitive/{reference}")


def test_in_danger_she_can_be_rung_though_she_asked_for_no_call(
    site: StaffSite, reference: str, focal: Visitor
) -> None:
    page = focal.reads(f"sensitive/{reference}?lang=en")
    assert "+85512345678" not in page
    assert "Danger now" not in page
    assert "+85512345678" in text_of(does(focal, reference, "number"))
    assert "case.number_shown" in events(site, reference)
    site.world.phone().writes("my husband wants to kill me")
    page = focal.reads(f"sensitive/{reference}?lang=en")
    assert "Danger now" in page
    assert "117" in page


def test_the_rule_for_children_and_the_projects_own_law_stand_beside_a_childs_case(
    site: StaffSite, reference: str, focal: Visitor
) -> None:
    from domain.reading import Language
    from storage.queries import settings

    assert "The guardian may be" not in focal.reads(f"sensitive/{reference}?lang=en")
    does(focal, reference, "kind", kind="child")
    assert "has not written yet" in focal.reads(f"sensitive/{reference}?lang=en")
    with site.world.store.transaction() as tx:
        project = settings.current(tx)
        rules = project.safeguarding.model_copy(update={"child_report": {Language.EN: "Ring the district office, 024"}})
        settings.add(
            tx, project.model_copy(update={"safeguarding": rules}), actor="staff", actor_id=None, now=site.world.now
        )
    site.world.context._read_at = -10.0
    page = focal.reads(f"sensitive/{reference}?lang=en")
    assert "The guardian may be" in page
    assert "Ring the district office, 024" in page
