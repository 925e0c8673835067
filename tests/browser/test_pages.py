"""Every page of the loop, with rows on it, in both languages and themes: nothing for axe, the Content-Security-Policy
or the console to complain of, and never wider than the screen."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import VISITORS, Until
from tests.browser.firms import Firm
from tests.browser.lived import PAGES, Lived
from tests.browser.visitor import Visitor

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Colours fade when the theme changes; half-way they have no contrast. Endless animations are none of that.
SETTLED = """async () => {
    const fading = () => document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
    do {
        await new Promise(requestAnimationFrame);
        await Promise.all(fading().map((one) => one.finished.catch(() => null)));
    } while (fading().length);
}"""
LANGUAGES = ["fa", "en"]
DESK, PHONE, NARROW = 1360, 390, 320
Theme = Literal["light", "dark"]
SEEN: dict[int, tuple[Theme, ...]] = {DESK: ("light", "dark"), PHONE: ("dark",), NARROW: ()}


@pytest.fixture(scope="module")
def lived(firms: dict[str, Firm], until: Until[Any]) -> dict[str, Lived]:
    return {language: Lived(firm, until) for language, firm in firms.items()}


@pytest.fixture(scope="module")
def readers(browser: Browser, running: int) -> Iterator[dict[tuple[str, str], Visitor]]:
    """One browser for each person, for all pages."""
    readers: dict[tuple[str, str], Visitor] = {}
    yield readers
    for reader in readers.values():
        reader.context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_in_both_themes_and_three_widths(
    request: pytest.FixtureRequest,
    lived: dict[str, Lived],
    readers: dict[tuple[str, str], Visitor],
    browser: Browser,
    axe: str,
    language: str,
    name: str,
):
    life = lived[language]
    who = (language, life.reader(name))
    if who not in readers:
        readers[who] = Visitor(browser, life.firm, life.firm.port, reduced_motion="reduce")
        readers[who].be(life.firm.people[life.reader(name)])
    visitor = readers[who]
    request.node.stash[VISITORS] = [visitor]
    visitor.complaints.clear()
    visitor.page.set_viewport_size({"width": DESK, "height": 844})
    inspect(visitor.go(life.path(name)), axe)
    assert visitor.complaints == []


@pytest.mark.parametrize("path", ["/", "/signup/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bare_host(visit: Any, axe: str, language: str, path: str):
    inspect(visit(language=language).go(f"{path}?lang={language}"), axe)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_door(visit: Any, firm: Firm, axe: str, path: str):
    inspect(visit(firm).go(path), axe)


def inspect(page: Page, axe: str) -> None:
    """The page as it is open now, when all its parts have come. On the phone axe looks in the dark only."""
    expect(page.locator(".skeleton, .htmx-request")).to_have_count(0)
    page.evaluate(axe)
    for width, themes in SEEN.items():
        page.set_viewport_size({"width": width, "height": 844})
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        assert scrolled <= width, f"{scrolled} wide on a screen of {width}"
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLED)
            assert violations(page) == [], f"axe at {width} in the {theme} theme"


def violations(page: Page) -> list[str]:
    """What axe finds, as "rule: what is wrong: where"."""
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", OPTIONS)
    return [
        f"{rule['id']}: {node.get('failureSummary', '').splitlines()[-1].strip()}: {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]
