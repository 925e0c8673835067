"""Getting in: with e-mail and password, and a new firm from the bare host through the worker."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.firms import Firm
from tests.cast import PASSWORD


def test_a_member_logs_in_by_keyboard_and_stands_on_today(visit: Visit, firm: Firm):
    visitor = visit(firm)
    page = visitor.go("/")
    page.get_by_label(firm.says("E-mail")).fill(firm.people["rep"].email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#quick-log")).to_be_visible()
    assert page.url == firm.url("/")
    assert page.evaluate("document.documentElement.lang") == firm.language
