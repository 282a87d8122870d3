"""The page with two phones, in a real browser: a complaint and its answer, three languages, a small screen."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from domain.sending.segments import count_segments
from storage import Store
from storage.queries.staffing import staff
from tests.console.browser import DESK, HAND, IN_BROWSER, ON_SQLITE, WITHIN_MS
from tests.console.site import PhoneSite
from tests.support.world import World, new_world

pytestmark = [*IN_BROWSER, ON_SQLITE]


@pytest.fixture
def site(world: World) -> Iterator[PhoneSite]:
    with world.store.transaction() as tx:
        staff.change(tx, world.staff["facilitator"], name="ចាន់ សុភា")
    with PhoneSite(world).running() as running:
        yield running


@pytest.fixture
def page(site: PhoneSite, chromium: Browser) -> Iterator[Page]:
    """The page as it opens first, at a desk; what the browser complains of fails the test."""
    yield from opened(chromium, site)


def opened(chromium: Browser, site: PhoneSite) -> Iterator[Page]:
    expect.set_options(timeout=WITHIN_MS)
    window = chromium.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    page = window.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(site.url)
    expect(page.locator("#officer .chips button").first).to_be_visible()
    yield page
    window.close()
    assert [each for each in complaints if "status of 403" not in each] == []


def write(phone: Locator, text: str) -> None:
    phone.locator("textarea").fill(text)
    phone.locator(".go").click()
    expect(phone.locator("textarea")).to_have_value("")


def arrived(phone: Locator) -> Locator:
    return phone.locator(".theirs:not(.waiting)")


def tap(phone: Locator, label: str) -> None:
    phone.locator(".buttons button", has_text=re.compile(f"^{label}$")).last.click()


def overflow(page: Page) -> int:
    """Return by how many pixels anything that does not scroll by itself stands out at the right."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_a_complaint_goes_to_the_officer_and_his_answer_comes_back(page: Page, site: PhoneSite) -> None:
    her, officer = page.locator("#person"), page.locator("#officer")
    write(her, "លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    expect(arrived(her)).to_have_count(2)
    expect(arrived(her).first).to_have_text(re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}"))
    her.locator(".chips button", has_text="ស្រែខ្វាវ").click()
    her.locator(".go").click()
    expect(arrived(her).last).to_contain_text("តប 1 ឬ 2")
    write(her, "១")
    expect(arrived(her).last).to_contain_text("ស្រុកអង្គរជុំ")

    expect(arrived(officer)).to_have_count(1)
    notice = arrived(officer).first.locator("p")
    expect(notice).not_to_contain_text("លុយអត់ទាន់ចូលទេ")
    tap(officer, "អាន")
    expect(arrived(officer).last).to_contain_text("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    notice.click()
    expect(officer.locator(".answering span")).to_contain_text("LP-")
    write(officer, "បើកប្រាក់ថ្ងៃសុក្រ ម៉ោង ៨ នៅសាលាឃុំ")
    tap(officer, "ផ្ញើ")
    expect(arrived(officer).last).to_contain_text("60")
    expect(her.locator(".waiting")).to_have_count(1)

    site.pass_time(seconds=60)
    expect(arrived(her).last).to_contain_text("បើកប្រាក់ថ្ងៃសុក្រ ម៉ោង ៨ នៅសាលាឃុំ")
    expect(her.locator(".waiting")).to_have_count(0)
    expect(her.locator(".clock")).to_have_text("10:01")
    assert overflow(page) <= 0
    if path := os.environ.get("SAMLENG_SCREENSHOT"):
        page.set_viewport_size({"width": 1280, "height": 960})
        page.screenshot(path=path)

    # What an officer writes is not kept as a message; the phone shows it all the same, in its place.
    sent = officer.locator(".mine")
    expect(sent).to_have_count(1)
    page.reload()
    expect(sent).to_have_count(1)
    expect(sent.locator(".quote")).to_contain_text("LP-")
    expect(officer.locator(".bubble").last).to_have_class(re.compile("theirs"))


def test_words_are_gone_from_the_page_when_they_are_taken_off_the_phone(page: Page, site: PhoneSite) -> None:
    her, officer = page.locator("#person"), page.locator("#officer")
    write(her, "លុយអត់ទាន់ចូលទេ ៣ខែហើយ ឃុំចារឈូក")
    page.locator(".with-staff button").click()
    tap(officer, "អាន")
    expect(arrived(officer).last).to_contain_text("លុយអត់ទាន់ចូលទេ")
    site.pass_time(minutes=10)
    expect(arrived(officer)).to_have_count(1)


def test_nothing_overflows_on_a_small_phone(page: Page) -> None:
    page.set_viewport_size(HAND)  # type: ignore[arg-type]
    her, officer = page.locator("#person"), page.locator("#officer")
    write(her, "ប្រាក់ឧបត្ថម្ភខ្ញុំអត់ទាន់បានទេ ឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ " + "LP" * 80)
    expect(arrived(her)).to_have_count(2)
    expect(officer).to_be_hidden()
    for tab in ("officer", "hints", "person"):
        page.locator(f"[data-tab={tab}]").click()
        expect(page.locator(f"#{tab}")).to_be_visible()
        assert overflow(page) <= 0
        box = page.locator(f"#{tab}").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= HAND["width"]
        assert box["y"] + box["height"] <= HAND["height"]
    for language in ("lo", "en"):
        page.locator(f"[data-language={language}]").click()
        assert overflow(page) <= 0


def test_the_other_phone_says_that_something_came(page: Page) -> None:
    page.set_viewport_size(HAND)  # type: ignore[arg-type]
    her, tab = page.locator("#person"), page.locator("[data-tab=officer]")
    write(her, "លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    write(her, "ស្រែខ្វាវ")
    write(her, "1")
    expect(tab).to_have_class("news")
    tab.click()
    expect(tab).not_to_have_class("news")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 160,
        "a" * 161,
        "a" * 152 + "€" + "a" * 20,
        "ក" * 70,
        "ក" * 71,
        "ກ" * 66 + "😀" + "ກ" * 10,
        "è^{}\\[~]|€",
        "ç" * 71,
    ],
)
def test_the_counter_agrees_with_what_is_sent(page: Page, text: str) -> None:
    page.locator("#person textarea").fill(text)
    expected = count_segments(text)
    expect(page.locator("#person .count")).to_have_text(
        re.compile(rf"^{expected.segments} SMS · {expected.units}/\d+$")
    )


def test_the_counter_says_how_much_room_there_is(page: Page) -> None:
    page.locator("#person textarea").fill("ក" * 118)
    expect(page.locator("#person .count")).to_have_text("2 SMS · 118/134")
    page.locator("#person .channels button", has_text="Telegram").click()
    expect(page.locator("#person .count")).to_have_text("")


def test_the_page_speaks_three_languages_and_each_of_them_fully(page: Page) -> None:
    for language, words in {"lo": "ຂຽນຂໍ້ຄວາມ", "en": "Write a message", "km": "សរសេរសារ"}.items():
        page.locator(f"[data-language={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#person textarea")).to_have_attribute("placeholder", words)
        expect(page.locator("#officer .who option").first).not_to_have_text("")
    shapes = page.evaluate(
        """async () => {
            const { WORDS, TO_TRY, HINTS } = await import("./static/words.js");
            return Object.keys(WORDS).map((each) => JSON.stringify([
                Object.keys(WORDS[each]), TO_TRY[each].person.length, TO_TRY[each].officer.length, HINTS[each].length,
                Object.values(WORDS[each]).every(Boolean)]));
        }"""
    )
    assert len(shapes) == 3
    assert len(set(shapes)) == 1


def test_what_people_write_is_never_read_as_markup(page: Page) -> None:
    her = page.locator("#person")
    write(her, "<img src=x onerror=alert(1)> <b>ok</b>")
    expect(her.locator(".mine p")).to_have_text("<img src=x onerror=alert(1)> <b>ok</b>")
    expect(her.locator(".talk b")).to_have_count(0)


def test_telegram_has_a_photo_and_a_number_to_share(page: Page) -> None:
    her = page.locator("#person")
    expect(her.locator(".photo")).to_be_hidden()
    her.locator(".channels button", has_text="Telegram").click()
    her.locator(".photo").click()
    expect(her.locator(".mine img")).to_be_visible()
    her.locator(".contact").click()
    expect(her.locator(".mine").last).to_contain_text("☎")


def test_another_number_is_another_conversation(page: Page) -> None:
    her = page.locator("#person")
    write(her, "លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    expect(arrived(her)).to_have_count(2)
    her.locator(".who").select_option("+855970000002")
    expect(her.locator(".bubble")).to_have_count(0)
    expect(her.locator(".empty")).to_be_visible()
    her.locator(".who").select_option("+855970000001")
    expect(arrived(her)).to_have_count(2)


def test_a_text_that_was_refused_is_still_there(page: Page) -> None:
    her = page.locator("#person")
    page.context.clear_cookies()
    her.locator("textarea").fill("លុយ")
    her.locator(".go").click()
    expect(her.locator(".fault")).to_contain_text("load the page again")
    expect(her.locator("textarea")).to_have_value("លុយ")
    page.reload()
    expect(page.locator("#officer .chips button").first).to_be_visible()
    write(her, "លុយអត់ទាន់ចូលទេ")
    expect(her.locator(".fault")).to_be_hidden()
    expect(arrived(her)).to_have_count(2)


def test_in_laos_the_page_opens_in_lao(store: Store, chromium: Browser) -> None:
    with PhoneSite(new_world(store, "rrpm")).running() as site:
        for page in opened(chromium, site):
            her = page.locator("#person")
            expect(page.locator("html")).to_have_attribute("lang", "lo")
            her.locator(".chips button", has_text="ເງິນຍັງບໍ່ເຂົ້າ").click()
            her.locator(".go").click()
            write(her, "ນາຫວາຍ")
            write(her, "໑")
            expect(arrived(her).last).to_contain_text("ເມືອງຄູນ")
            expect(arrived(page.locator("#officer"))).to_have_count(1)
