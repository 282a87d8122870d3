"""The desk's pages: what waits, transcripts in place of recordings, handing on and over, messages of no case, calls, slips."""

import re

import pytest

from domain.inbound import InboundKind
from tests.console.staff_site import StaffSite, Visitor, form_of, text_of, voice
from tests.support.world import World

OGG = b"OggS" + bytes(60)
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
PLAIN = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ នៅឃុំចារឈូក"
HEARD = "ស្ត្រីម្នាក់និយាយថា លុយមិនទាន់ចូល"


@pytest.fixture
def site(world: World) -> StaffSite:
    return StaffSite(world)


@pytest.fixture
def desk(site: StaffSite) -> Visitor:
    return site.visitor("desk")


def spoken(site: StaffSite) -> str:
    """Let somebody send a voice message, and return the case's reference."""
    site.world.phone().sends(InboundKind.MEDIA, media=voice())
    return site.reference()


def does(desk: Visitor, reference: str, act: str, **fields: str):
    return desk.sends(f"desk/cases/{reference}/{act}", page=f"desk/cases/{reference}", **fields)


def test_a_recording_waits_for_the_desk_and_is_late_after_a_working_day(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    page = desk.reads("desk?lang=en")
    assert f"{reference} " in page
    assert "voice message" in page
    assert "late" not in page
    assert "by 04/03/2026 17:00" in page
    site.pass_time(days=2)
    desk.comes_again()
    assert re.search(rf"{reference}\s+late", desk.reads("desk?lang=en"))


def test_the_oldest_is_first(site: StaffSite, desk: Visitor) -> None:
    first = spoken(site)
    site.pass_time(minutes=25)
    site.world.phone("+85512345679").sends(InboundKind.MEDIA, media=voice())
    page = desk.reads("desk")
    assert page.index(first) < page.index(site.reference())


def test_only_the_desk_hears_and_officers_read_the_transcript(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    file_id = site.fetched(reference, OGG, "audio/ogg")
    path = f"/console/desk/cases/{reference}/files/{file_id}"
    answer = desk.client.get(path)
    assert answer.data == OGG
    assert answer.mimetype == "audio/ogg"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    page = does(desk, reference, "transcript", file=str(file_id), words=HEARD)
    assert HEARD in text_of(page)
    does(desk, reference, "hand-on", category="payment_missing", place="ស្រែខ្វាវ", area=str(site.world.areas["170107"]))
    site.world.drain()
    facilitator = site.world.officer("facilitator")
    read = facilitator.taps("អាន")
    assert any(HEARD in text for text in read)
    focal = site.visitor("focal one")
    assert focal.client.get(path).status_code == 404
    assert focal.client.get(f"/console/sensitive/{reference}/files/{file_id}").status_code == 404


@pytest.mark.parametrize("mime", ["application/pdf", "text/html", "image/svg+xml", "video/mp4"])
def test_what_might_run_is_only_kept_not_shown(site: StaffSite, desk: Visitor, mime: str) -> None:
    reference = spoken(site)
    file_id = site.fetched(reference, b"<svg onload=alert(1)>", mime)
    answer = desk.client.get(f"/console/desk/cases/{reference}/files/{file_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype in ("application/pdf", "video/mp4", "application/octet-stream")


def test_a_file_of_another_case_is_not_there(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    file_id = site.fetched(reference, OGG, "audio/ogg")
    site.world.phone("+85512345679").writes(PLAIN)
    other = site.reference()
    assert other != reference
    assert desk.client.get(f"/console/desk/cases/{other}/files/{file_id}").status_code == 404


def test_handing_on_tells_the_officers_there_and_gives_them_the_promised_time(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    page = does(desk, reference, "hand-on", category="payment_missing", place="ចារឈូក")
    assert "មន្ត្រីតំបន់" in text_of(page)
    case = site.case(reference)
    assert not case.with_desk
    assert case.category == "payment_missing"
    assert case.category_by == "officer"
    assert case.due_at == case.answer_by
    site.world.drain()
    assert reference in site.world.officer("neighbour").texts[-1]


def test_two_places_of_one_name_are_asked_back(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    page = does(desk, reference, "hand-on", category="payment_missing", place="ស្រែខ្វាវ").get_data(as_text=True)
    options = re.findall(r'name="area" id="area-\d+" value="(\d+)"', page)
    assert set(options) == {str(site.world.areas[code]) for code in ("170107", "170205")}
    assert site.case(reference).with_desk
    form = form_of(page, f"/console/desk/cases/{reference}/hand-on")
    chosen = {**form, "category": "payment_missing", "area": str(site.world.areas["170107"])}
    desk.client.post(f"/console/desk/cases/{reference}/hand-on", data=chosen)
    assert site.case(reference).area_id == site.world.areas["170107"]


def test_an_unknown_place_keeps_what_was_typed(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    page = does(desk, reference, "hand-on", category="other", place="ប៉ារីស").get_data(as_text=True)
    assert 'value="ប៉ារីស"' in page
    assert site.case(reference).with_desk


def test_without_a_place_it_stays_with_the_desk_as_read(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    does(desk, reference, "hand-on", category="other", place="")
    case = site.case(reference)
    assert not case.with_desk
    assert case.level == "desk"
    assert reference in desk.reads("desk")


def test_hand_over_withdraws_copies_and_says_who_had_read_it(site: StaffSite, desk: Visitor) -> None:
    site.world.phone().writes(PLAIN)
    reference = site.reference()
    neighbour = site.world.officer("neighbour")
    neighbour.taps("អាន")
    opened = len(site.world.deleted)
    desk.reads(f"desk/cases/{reference}")
    page = does(desk, reference, "hand-over")
    assert "អ្នកលែងឃើញ" in text_of(page)
    assert site.case(reference).sensitive == "unsorted"
    assert desk.opens(f"desk/cases/{reference}").status_code == 404
    site.world.drain()
    assert len(site.world.deleted) > opened, "the copies on the officer's phone must go"
    focal = site.visitor("focal one")
    shown = focal.reads(f"sensitive/{reference}")
    assert "neighbour" in shown
    assert "desk" in shown
    assert PLAIN in shown


def test_hand_over_is_one_tap(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    form = form_of(
        desk.opens(f"desk/cases/{reference}").get_data(as_text=True), f"/console/desk/cases/{reference}/hand-over"
    )
    assert set(form) == {"csrf_token", "form"}
    assert desk.client.post(f"/console/desk/cases/{reference}/hand-over", data=form).status_code == 200
    assert site.case(reference).level == "focal"


def test_abuse_as_category_is_a_hand_over(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    does(desk, reference, "hand-on", category="abuse", place="ចារឈូក")
    assert site.case(reference).sensitive == "unsorted"
    assert reference not in desk.reads("desk")


def test_an_answer_is_held_and_can_be_taken_back_and_a_double_click_sends_once(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    path = f"/console/desk/cases/{reference}"
    form = form_of(desk.opens(f"desk/cases/{reference}").get_data(as_text=True), f"{path}/reply")
    for _ in range(2):
        page = desk.client.post(f"{path}/reply", data={**form, "words": "យើងបានទទួលសំឡេងអ្នក"})
    assert page.get_data(as_text=True).count(f'action="{path}/take-back"') == 1
    back = form_of(page.get_data(as_text=True), f"{path}/take-back")
    desk.client.post(f"{path}/take-back", data=back)
    site.world.pass_time(minutes=2)
    assert not any("យើងបានទទួលសំឡេងអ្នក" in text for text in site.world.phone().texts)
    does(desk, reference, "reply", words="បើកប្រាក់ថ្ងៃសុក្រ")
    site.world.pass_time(minutes=2)
    assert any("បើកប្រាក់ថ្ងៃសុក្រ" in text for text in site.world.phone().texts)


def test_nothing_to_do_is_answered_in_words(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    does(desk, reference, "resolve", outcome="info", words="គ្មានសំឡេងក្នុងសារទេ")
    case = site.case(reference)
    assert (case.status, case.outcome) == ("resolved", "information")
    assert reference not in desk.reads("desk")


def test_the_desk_takes_asks_and_decides_what_lies_with_it(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    does(desk, reference, "take")
    at = f"desk/cases/{reference}"
    desk.sends(f"{at}/ask", page=at, action=f"{at}/reply", words="ឃុំណា?")
    case = site.case(reference)
    assert (case.status, case.taken_by) == ("awaiting", site.world.staff["desk"])
    does(desk, reference, "resolve", outcome="not_upheld", words="មិនមែនរឿងគម្រោង")
    assert site.case(reference).outcome == "not_upheld"


def test_a_form_without_words_changes_nothing(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    assert does(desk, reference, "reply", words="  ").status_code == 400
    assert does(desk, reference, "note", words="").status_code == 400
    assert (
        desk.sends(f"desk/cases/{reference}/note", page=f"desk/cases/{reference}", words="x", form="!").status_code
        == 400
    )


def unsorted(site: StaffSite, text: str = "asdf qwer") -> int:
    before = len(site.world.phone().texts)
    site.world.phone().writes(text)
    assert len(site.world.phone().texts) == before + 1
    from storage.queries import console_lists

    with site.world.store.reading() as tx:
        found = console_lists.unsorted(tx, 10)
    assert found, "the text must be one that is not understood"
    return found[-1].id


def test_a_message_of_no_case_can_be_put_aside(site: StaffSite, desk: Visitor) -> None:
    number = unsorted(site)
    assert f"{number}" in desk.reads("desk")
    assert "asdf qwer" in desk.reads(f"desk/messages/{number}")
    desk.sends(f"desk/messages/{number}/aside", page=f"desk/messages/{number}")
    assert desk.opens(f"desk/messages/{number}").status_code == 404


def test_a_message_of_no_case_can_be_answered(site: StaffSite, desk: Visitor) -> None:
    number = unsorted(site)
    path = f"desk/messages/{number}/answer"
    too_long = desk.sends(path, page=f"desk/messages/{number}", words="ក" * 1500)
    assert "ក" * 1500 in too_long.get_data(as_text=True)
    desk.sends(path, page=f"desk/messages/{number}", words="សូមសរសេរម្ដងទៀត")
    site.world.drain()
    assert site.world.phone().texts[-1] == "សូមសរសេរម្ដងទៀត"
    assert desk.opens(f"desk/messages/{number}").status_code == 404


def test_a_message_of_no_case_becomes_one_with_its_receipt(site: StaffSite, desk: Visitor) -> None:
    number = unsorted(site)
    page = desk.sends(
        f"desk/messages/{number}/case", page=f"desk/messages/{number}", kind="question", category="meeting"
    )
    reference = site.reference(kind="question")
    assert reference in text_of(page)
    site.world.drain()
    assert any(reference in text for text in site.world.phone().texts)
    assert site.case(reference).category == "meeting"


def test_a_message_of_no_case_goes_to_the_focal_points_with_the_same_receipt(site: StaffSite, desk: Visitor) -> None:
    number = unsorted(site)
    page = desk.sends(f"desk/messages/{number}/hand-over", page=f"desk/messages/{number}")
    assert page.status_code == 200
    reference = site.reference(sensitive="unsorted")
    site.world.drain()
    assert any(reference in text for text in site.world.phone().texts)
    assert desk.opens(f"desk/messages/{number}").status_code == 404
    assert reference in site.visitor("focal one").reads("sensitive")
    assert reference not in desk.reads("desk")


def test_the_number_is_shown_only_to_call_and_that_is_noted(site: StaffSite, desk: Visitor) -> None:
    reference = spoken(site)
    assert "+85512345678" not in desk.opens(f"desk/cases/{reference}").get_data(as_text=True)
    site.world.phone().writes("ខលព្រឹក ៨ ដល់ ១០")
    assert reference in desk.reads("desk/calls")
    assert "+85512345678" not in desk.opens(f"desk/cases/{reference}").get_data(as_text=True)
    page = does(desk, reference, "number")
    assert "+85512345678" in text_of(page)
    does(desk, reference, "called", words="បាននិយាយគ្នា")
    assert reference not in desk.reads("desk/calls")


def test_the_slip_is_the_same_to_the_letter_for_every_case(site: StaffSite, desk: Visitor) -> None:
    site.world.phone().writes(PLAIN)
    plain = site.reference()
    site.world.phone("+85512345679").writes(ABUSE)
    sensitive = site.reference(sensitive="unsorted")
    focal = site.visitor("focal one")
    one = desk.client.get(f"/console/slips/{plain}").get_data(as_text=True)
    other = focal.client.get(f"/console/slips/{sensitive}").get_data(as_text=True)
    assert one.replace(plain, "R") == other.replace(sensitive, "R")
    assert "សួរមន្ត្រីណាក៏បាន ដោយបង្ហាញក្រដាសនេះ" in one
    assert "ទទួល 03/03/2026" in one
    assert desk.client.get(f"/console/slips/{sensitive}").status_code == 404


def test_lists_cost_no_more_queries_for_more_cases(site: StaffSite, desk: Visitor) -> None:
    from sqlalchemy import event

    def asked() -> int:
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(site.world.store.engine, "before_cursor_execute", one_more)
        desk.reads("desk")
        event.remove(site.world.store.engine, "before_cursor_execute", one_more)
        return count

    # Settings are looked at again every few seconds of the process's own clock, which is none of the list's queries.
    site.world.context.monotonic = lambda: 0.0
    site.world.context._read_at = 0.0
    spoken(site)
    before = asked()
    for number in range(5):
        site.world.phone(f"+8551200000{number}").sends(InboundKind.MEDIA, media=voice())
    assert asked() == before


ACCUSES = "មេភូមិយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ នៅឃុំចារឈូក"


def test_the_desk_is_the_second_person_to_a_decision(site: StaffSite, desk: Visitor) -> None:
    site.world.phone().writes(ACCUSES)
    reference = site.reference()
    site.world.officer("district").writes(f"/resolve {reference} upheld គាត់សងប្រាក់វិញហើយ")
    assert "A decision waits for a second person (1)" in desk.reads("desk?lang=en")
    assert "គាត់សងប្រាក់វិញហើយ" in desk.reads(f"desk/cases/{reference}")
    assert does(desk, reference, "agree").status_code == 200
    assert site.case(reference).status == "resolved"
    assert "second person" not in desk.reads("desk?lang=en")


def test_the_desk_gives_a_decision_back_with_the_reason(site: StaffSite, desk: Visitor) -> None:
    site.world.phone().writes(ACCUSES)
    reference = site.reference()
    district = site.world.officer("district")
    district.writes(f"/resolve {reference} upheld គាត់សងប្រាក់វិញហើយ")
    does(desk, reference, "disagree", words="សូមសួរអ្នកជិតខាងផង")
    site.world.drain()
    assert "សូមសួរអ្នកជិតខាងផង" in district.texts[-1]
    assert site.case(reference).status != "resolved"
