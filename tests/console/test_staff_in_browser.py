"""The staff's pages in a real browser at a phone's width: coming in, the desk's hand-over, a sensitive case, the slip."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.inbound import InboundKind
from handlers.console import accounts
from tests.console.browser import HAND, IN_BROWSER, ON_SQLITE, WITHIN_MS
from tests.console.staff_site import PASSWORD, StaffSite, Visitor, crowd, voice
from tests.support.world import World

PHOTO = Path(__file__).parents[2] / "console" / "static" / "sample-photo.png"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"

pytestmark = [*IN_BROWSER, ON_SQLITE]


@pytest.fixture
def site(world: World) -> Iterator[StaffSite]:
    with StaffSite(world).running() as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone's browser, without scripts; what it complains of, and any request to elsewhere, fails the test."""
    expect.set_options(timeout=WITHIN_MS)
    window = chromium.new_context(viewport=HAND, java_script_enabled=False)  # type: ignore[arg-type]
    page = window.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda sent: complaints.append(sent.url) if "//127.0.0.1:" not in sent.url else None)
    yield page
    window.close()
    assert [each for each in complaints if "status of 4" not in each] == []


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for pictures."""
    folder = os.environ.get("SAMLENG_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> None:
    """The page is no wider than the phone."""
    widths = page.locator("main, header, footer").evaluate_all("each => each.map(one => one.scrollWidth)")
    assert max(widths) <= HAND["width"], widths


def comes_in(page: Page, site: StaffSite, name: str, *, language: str = "") -> Visitor:
    """Come in by the link, as somebody does on a phone."""
    who = Visitor(site, name)
    link = accounts.invite(site.world.context, site.world.staff[name], username=None, now=site.world.now)
    who.username = link.username
    page.goto(f"{site.url}password/{link.token}{language}")
    shot(page, f"{name}-1-password")
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main button").click()
    page.locator("#username").fill(who.username)
    page.locator("#password").fill(PASSWORD)
    shot(page, f"{name}-2-sign-in")
    page.locator("main button").click()
    who.secret = page.locator(".secret").inner_text().replace(" ", "")
    shot(page, f"{name}-3-set-up")
    fits(page)
    page.locator("#code").fill(who.code())
    page.locator("main button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    shot(page, f"{name}-4-codes")
    page.locator("main .btn").click()
    # The next page is there before anybody types into it.
    expect(page.locator(".codes")).to_have_count(0)
    page.wait_for_load_state()
    return who


def test_coming_in_with_both_factors_and_again(site: StaffSite, page: Page) -> None:
    who = comes_in(page, site, "desk")
    expect(page.locator("h1")).to_have_text("ការិយាល័យគម្រោង")
    page.locator("footer button").click()
    expect(page.locator("[role=status]")).to_contain_text("អ្នកបានចាកចេញ")
    page.locator("#username").fill(who.username)
    page.locator("#password").fill("not the right one")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_visible()
    shot(page, "sign-in-wrong")
    page.locator("#username").fill(who.username)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    site.pass_time(seconds=60)
    shot(page, "second-factor")
    page.locator("#code").fill(who.code())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("ការិយាល័យគម្រោង")


def test_the_picture_for_the_authenticator_is_drawn(site: StaffSite, page: Page) -> None:
    link = accounts.invite(site.world.context, site.world.staff["desk"], username=None, now=site.world.now)
    accounts.set_password(site.world.context, link.token, PASSWORD, site.world.now)
    page.goto(f"{site.url}sign-in")
    page.locator("#username").fill(link.username)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    assert page.locator(".qr").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def test_the_desk_reads_writes_down_and_hands_on(site: StaffSite, page: Page) -> None:
    site.world.phone().sends(InboundKind.MEDIA, media=voice())
    reference = site.reference()
    site.fetched(reference, PHOTO.read_bytes(), "image/png")
    site.world.phone("+85512345679").writes("asdf qwer")
    comes_in(page, site, "desk")
    shot(page, "desk-list")
    fits(page)
    page.get_by_role("link", name=reference).click()
    assert page.locator(".file img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.locator(".file textarea").fill("ស្ត្រីម្នាក់និយាយថា លុយមិនទាន់ចូល")
    page.locator(".file button").click()
    expect(page.locator(".file textarea")).to_have_value("ស្ត្រីម្នាក់និយាយថា លុយមិនទាន់ចូល")
    shot(page, "desk-case")
    fits(page)
    page.locator("#place").fill("ស្រែខ្វាវ")
    page.locator("#category").select_option("payment_missing")
    page.locator("form[action$=hand-on] button").click()
    shot(page, "desk-which-place")
    page.locator(f"#area-{site.world.areas['170107']}").check()
    page.locator("form[action$=hand-on] button").click()
    expect(page.locator("[role=status]").last).to_contain_text("មន្ត្រីតំបន់")
    assert site.case(reference).area_id == site.world.areas["170107"]


def test_the_desk_hands_over_in_one_tap_and_the_focal_point_works(site: StaffSite, page: Page) -> None:
    site.world.phone().sends(InboundKind.MEDIA, media=voice(), text="ចារឈូក")
    site.world.phone().writes("ខលព្រឹក ៨ ដល់ ១០")
    reference = site.reference()
    comes_in(page, site, "desk", language="?lang=lo")
    page.goto(f"{site.url}desk/calls")
    shot(page, "desk-calls-lo")
    page.goto(f"{site.url}desk/cases/{reference}")
    shot(page, "desk-case-lo")
    page.locator("form[action$=hand-over] button").click()
    expect(page.locator("[role=status]").first).to_contain_text(reference)
    expect(page.get_by_role("link", name=reference)).to_have_count(0)
    page.locator("footer button").click()
    comes_in(page, site, "focal one", language="?lang=km")
    shot(page, "sensitive-list")
    page.get_by_role("link", name=reference).click()
    page.locator("#kind-home").check()
    page.locator("form[action$=kind] button").click()
    assert site.case(reference).sensitive == "home"
    page.locator("#reply-words").fill("យើងនៅទីនេះ")
    page.locator("form[action$=reply] button").click()
    expect(page.locator("form[action$=take-back]")).to_be_visible()
    shot(page, "sensitive-case")
    fits(page)
    page.goto(f"{site.url}sessions?lang=en")
    shot(page, "sessions-en")
    fits(page)


def test_the_slip_prints_on_one_small_page(site: StaffSite, page: Page) -> None:
    site.world.phone().writes(ABUSE)
    reference = site.reference(sensitive="unsorted")
    comes_in(page, site, "focal one")
    page.goto(f"{site.url}slips/{reference}")
    expect(page.locator("h1")).to_have_text(reference)
    assert page.locator("html").get_attribute("lang") == "km"
    shot(page, "slip")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert box is not None
    assert [round(float(each) / 72 * 25.4) for each in box.groups()] == [105, 148]
    assert ABUSE not in page.content()


def test_many_cases_of_one_matter_get_one_answer_from_a_phone(site: StaffSite, page: Page) -> None:
    crowd(site.world)
    comes_in(page, site, "desk")
    page.get_by_role("link", name="រឿងរួម").click()
    shot(page, "incidents")
    page.locator(".cards a").first.click()
    fits(page)
    page.locator("#words-km").fill("បើកប្រាក់ថ្ងៃសុក្រ")
    page.locator("form[action$=preview] button").click()
    expect(page.locator("[role=status]")).to_contain_text("បើកប្រាក់ថ្ងៃសុក្រ")
    shot(page, "incident-preview")
    page.locator("button[formaction$=send]").click()
    expect(page.locator(".said").first).to_have_text("បើកប្រាក់ថ្ងៃសុក្រ")
    shot(page, "incident-answered")


def test_keyboard_reaches_the_content_first(site: StaffSite, page: Page) -> None:
    comes_in(page, site, "desk")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))
