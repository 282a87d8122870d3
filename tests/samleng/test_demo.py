"""The demos as they are loaded: whole, believable, consistent, with nothing left to send."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.inbound import Channel
from domain.lifecycle import OPEN, Status
from domain.settings import LADDER_LEVELS, Level
from handlers import simulator
from handlers.context import Context
from handlers.simulator import GATEWAYS
from samleng.demo import DemoSummary, NotEmpty, load
from samleng.demo.project import table
from samleng.demo.summary import read_summary, write_summary
from samleng.files.projects import packaged, read_project
from storage import Store, Tx
from storage.queries import areas, audit, settings
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages
from storage.queries.sending import outbox
from storage.queries.staffing import staff
from tests.support.databases import TEST_KEYS, Databases

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EVERY = 100_000


@dataclass(frozen=True)
class Demo:
    """A loaded demo."""

    context: Context
    summary: DemoSummary

    def cases(self, tx: Tx) -> list[CaseRecord]:
        """Every case, sensitive ones too."""
        found = []
        number = 1
        total = self.summary.counts["cases"]
        while len(found) < total:
            found.append(cases.by_id(tx, number))
            number += 1
        return found


@pytest.fixture(scope="module", params=["leap", "rrpm"])
def demo(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Demo]:
    store = Store(databases.fresh_url("sqlite"), TEST_KEYS, pool_size=2)
    with store.transaction() as tx:
        settings.add(tx, read_project(packaged()[request.param]), actor="staff", actor_id=None, now=NOW)
    context = Context(store, {each.name: each for each in GATEWAYS})
    yield Demo(context, load(context, request.param, NOW))
    store.close()


def test_there_is_something_of_everything(demo: Demo) -> None:
    counts = demo.summary.counts
    assert counts["cases"] >= 150
    assert set(demo.summary.statuses) == set(Status)
    assert 3 <= counts["sensitive"] <= 0.2 * counts["cases"], "alarms are tuned for recall: some are false"
    assert counts["people"] == 300
    assert counts["vacant posts"] == 2
    with demo.context.store.reading() as tx:
        every = demo.cases(tx)
        texts = {m.text for case in every for m in messages.of_case(tx, case.id) if m.direction == "in"}
    assert len(texts) >= 60
    assert {case.level for case in every} >= {Level.DISTRICT, Level.PROVINCE, Level.FOCAL}
    assert {case.outcome for case in every} >= {"upheld", "partly", "information", "not_upheld"}


def test_the_demo_writes_at_least_sixty_different_texts(demo: Demo) -> None:
    texts = [text for group in table(f"words_{demo.summary.project}.toml")["texts"] for text in group["words"]]
    assert len(texts) == len(set(texts)) >= 60


def test_each_open_case_has_exactly_one_owner(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        for case in demo.cases(tx):
            if case.status not in OPEN:
                continue
            if case.sensitive is not None:
                assert (case.level, case.post_id) == (Level.FOCAL, None)
            elif case.level is Level.DESK:
                assert case.post_id is None
            else:
                assert case.level is case.steps[case.rung].level
                assert case.level in LADDER_LEVELS
                assert case.post_id is not None
                assert staff.holders(tx, case.post_id, NOW)
            assert (case.due_at is None) is (case.status is Status.AWAITING)


def test_nobody_waits_for_weeks(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        late = [case for case in demo.cases(tx) if case.due_at is not None and case.due_at < NOW - timedelta(days=30)]
        assert not [case.reference for case in late if case.status in OPEN]


def test_no_officer_is_shown_a_sensitive_case(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        for record in staff.everybody(tx):
            if Level.FOCAL in record.levels:
                continue
            shown = caseload.list_visible(tx, record.posts, only="all", now=NOW, limit=EVERY)
            assert all(case.sensitive is None for case in shown)


def test_the_audit_chain_holds_and_is_sealed(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        assert audit.unsealed(tx) == 0
        assert audit.entries(tx) > 500
        assert list(audit.faults(tx, {})) == []
        for case in demo.cases(tx):
            assert audit.of_case(tx, case.id)[0].type == "case.opened"


def test_nothing_waits_to_be_sent(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        assert outbox.waiting(tx) == {}


def test_nothing_happens_after_the_last_evening(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        for case in demo.cases(tx):
            moments = [case.received_at, *(message.at for message in messages.of_case(tx, case.id))]
            assert NOW - timedelta(days=190) < min(moments)
            assert max(moments) < NOW


def test_towns_have_sangkat_and_the_country_has_communes(demo: Demo) -> None:
    with demo.context.store.reading() as tx:
        known = {area.code: area for area in areas.all_areas(tx)}
    if demo.summary.project == "rrpm":
        assert len([area for area in known.values() if area.level == "district"]) == 12
        return
    communes = [area for area in known.values() if area.level == "commune"]
    assert len([area for area in communes if area.code.startswith("17")]) == 47
    assert len([area for area in communes if area.code.startswith("12")]) == 13
    for area in communes:
        in_town = known[areas.codes_in(area.path)[1]].kind in ("khan", "krong")
        assert (area.kind == "sangkat") is in_town
    assert {known["1206"].kind, known["1710"].kind, known["1701"].kind} == {"khan", "krong", "district"}


def test_focal_points_are_two_women_and_everybody_can_be_reached(demo: Demo) -> None:
    women = set(table("names.toml")["km" if demo.summary.project == "leap" else "lo"]["women"])
    with demo.context.store.reading() as tx:
        everybody = staff.everybody(tx)
        focal = [record for record in everybody if Level.FOCAL in record.levels]
        assert len(focal) == 2
        assert all(women & set(record.name.split()) for record in focal)
        for record in everybody:
            channels = [contact.channel for contact in contacts.of_staff(tx, record.id)]
            assert Channel.SMS in channels
        assert sum(len(contacts.of_staff(tx, record.id)) > 1 for record in everybody) > len(everybody) / 2


def test_what_is_to_be_tried_is_there(demo: Demo, tmp_path: Path) -> None:
    summary = demo.summary
    reference, phone = summary.resolved
    with demo.context.store.reading() as tx:
        case = cases.by_reference(tx, reference)
        contact = contacts.find(tx, Channel.SMS, phone)
        assert case is not None
        assert contact is not None
        assert (case.status, case.contact_point_id) == (Status.RESOLVED, contact.id)
        assert contacts.find(tx, Channel.SMS, summary.beneficiary) is not None
        officer = staff.by_id(tx, summary.officer.staff_id)
        assert officer is not None
        assert caseload.count_visible(tx, officer.posts, NOW).open > 0
    cast = simulator.people(demo.context)
    assert summary.officer.staff_id in {each.staff_id for each in cast.officers}
    shown = simulator.conversation(demo.context, simulator.Line(Channel.SMS, phone), after_id=0, now=NOW)
    assert any(reference in bubble.text for bubble in shown.bubbles)
    write_summary(tmp_path, summary)
    assert read_summary(tmp_path) == summary
    assert json.loads((tmp_path / "summary.json").read_text())["project"] == summary.project


def test_a_store_with_places_is_left_alone(demo: Demo) -> None:
    with pytest.raises(NotEmpty):
        load(demo.context, demo.summary.project, NOW)
