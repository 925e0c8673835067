"""The parts in Chromium under the real Content-Security-Policy."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from tests.look.conftest import Open
from tests.look.stage import PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_axe_and_policy_find_nothing(stage: Open, axe: str, language: str, theme: str, width: int):
    shown = stage(language, theme, width)
    for name in PAGES:
        page = shown.open(name)
        page.evaluate(axe)
        violations = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(r => r.violations)", RULES)
        assert [(name, found["id"], found["nodes"][0]["html"]) for found in violations] == []
        assert shown.complaints == []
        assert page.evaluate("document.documentElement.dataset.theme") == theme


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_at_320(stage: Open, language: str, name: str):
    page = stage(language, width=320).open(name)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_slash_opens_the_palette_with_a_persian_keyboard(stage: Open):
    page = stage("fa").open("today")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {code: 'Slash', key: '.', bubbles: true}))")
    assert page.evaluate("document.activeElement.matches('#palette[open] [role=combobox]')")


def test_shortcuts_can_be_switched_off(stage: Open):
    page = stage("en").open("today")
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") != "INPUT"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.matches('#palette[open] [role=combobox]')")


def test_combobox_by_keyboard(stage: Open):
    page = stage("en").open("parts")
    field = page.locator("#pick")
    with page.expect_response("**/options/?q=al"):
        field.fill("al")
    page.locator(".combobox [role=option][aria-selected=true]").wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert (field.input_value(), page.locator("input[name=pick]").input_value()) == ("Nader Karimi", "2")
    assert field.get_attribute("aria-expanded") == "false"
    field.press_sequentially("x")
    assert page.locator("input[name=pick]").input_value() == ""


@pytest.mark.parametrize(
    ("language", "key", "days"), [("fa", "ArrowRight", -1), ("en", "ArrowRight", 1), ("fa", "ArrowDown", 7)]
)
def test_calendar_arrows_follow_the_eye(stage: Open, language: str, key: str, days: int):
    page = stage(language).open("meeting")
    page.locator("[data-calendar-open]").first.click()
    focused = page.locator("button.day:focus")
    focused.wait_for()
    before = date.fromisoformat(focused.get_attribute("data-day") or "")
    page.keyboard.press(key)
    page.locator(f"button.day:focus[data-day='{before + timedelta(days)}']").wait_for()


def test_choosing_a_day_fills_the_field_and_says_it(stage: Open):
    page = stage("fa").open("meeting")
    page.locator("[data-calendar-open]").first.click()
    day = page.locator("button.day:not(.outside)").nth(4)
    day.wait_for()
    typed, words = day.get_attribute("data-text"), day.get_attribute("aria-label")
    day.click()
    assert page.locator("[data-date-input] input").first.input_value() == typed
    echo = page.locator("[data-date-echo] time")
    echo.wait_for()
    assert echo.inner_text().split(" · ")[0] == words


def test_menu_opens_beside_its_button_and_walks(stage: Open):
    page = stage("fa").open("parts")
    page.locator("[popovertarget=sample-menu]").focus()
    page.keyboard.press("ArrowDown")
    menu = page.locator("#sample-menu")
    assert menu.is_visible()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.className") == "danger"
    button, box = page.locator("[popovertarget=sample-menu]").bounding_box(), menu.bounding_box()
    assert button is not None
    assert box is not None
    assert abs(box["x"] + box["width"] - button["x"] - button["width"]) < 2
    assert box["y"] - button["y"] - button["height"] < 8


def drag(page: Page, card: str, column: int) -> None:
    """Drops the card over the first card of the column, from below, so that it comes to stand before it."""
    source, target = page.locator(card).bounding_box(), page.locator(f"[data-stage='{column}'] li").first.bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + source["width"] / 2, source["y"] + source["height"] - 8)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 6, steps=12)
    page.locator(f"[data-stage='{column}'] {card}").wait_for()
    page.mouse.up()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_dragging_a_card_posts_its_new_place(stage: Open, language: str):
    shown = stage(language)
    page = shown.open("board")
    with page.expect_response("**/styleguide/move/"):
        drag(page, "#deal-02", 1)
    assert page.locator("[data-stage='1'] #deal-02").count() == 1
    assert shown.moves == ["1 at version 1"]
    assert shown.complaints == []


def test_a_guarded_column_asks_and_puts_the_card_back(stage: Open):
    shown = stage("en")
    page = shown.open("board")
    drag(page, "#deal-02", 2)
    page.locator("#dialog[open] input").first.wait_for()
    assert page.evaluate("document.activeElement.name") == "what"
    assert page.locator("[data-stage='0'] #deal-02").count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('dialog').childElementCount") == 0


def test_phone_has_a_bottom_bar_and_a_sheet(stage: Open):
    page = stage("fa", width=390).open("today")
    assert page.locator(".tabbar > *").count() == 5
    assert page.locator("#side").is_hidden()
    page.locator(".tabbar [popovertarget=side]").click()
    assert page.locator("#side").is_visible()
    assert page.locator("#side .search input").is_visible()


def test_timer_counts_down_in_persian_digits(stage: Open):
    page = stage("fa").open("meeting")
    page.locator("[data-timer]", has_text=re.compile("^۰۸:[۰-۹]{2}$")).wait_for()
    assert float(page.locator("[data-timer] + .meter .fill").get_attribute("width") or 0) == pytest.approx(42, abs=0.5)


def test_a_failed_request_says_so_and_leaves_the_page(stage: Open):
    shown = stage("en")
    page = shown.open("today")
    page.route("**/broken/", lambda route: route.fulfill(status=500, body="<p>boom</p>"))
    page.evaluate("htmx.ajax('GET', '/broken/', {target: '#content'})")
    toast = page.locator("#toasts .toast.error p")
    toast.wait_for()
    assert toast.inner_text() == "That did not work. Please try again."
    assert page.locator(".quick").count() == 1


def test_a_form_answer_of_422_is_swapped_in(stage: Open):
    page = stage("en").open("today")
    page.route(
        "**/form/", lambda route: route.fulfill(status=422, content_type="text/html", body="<p id=again>again</p>")
    )
    page.evaluate("""() => {
        const box = document.createElement('div');
        box.innerHTML = '<form id="f" hx-post="/form/" hx-target="this" hx-swap="outerHTML"><button>x</button></form>';
        document.getElementById('content').append(box);
        htmx.process(box);
    }""")
    page.locator("#f button").click()
    page.locator("#again").wait_for()
    assert page.locator("#f").count() == 0
    assert page.locator("#toasts .toast").count() == 0
