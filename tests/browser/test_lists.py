"""The palette by keyboard, and rows ticked and changed together."""

import pytest
from playwright.sync_api import expect

from crm.models import Customer, Lead
from tests.browser.conftest import Visit
from tests.browser.firms import Firm
from tests.factories.crm import make_customer, make_lead

NAMES = {"fa": ("پتروشیمی کاوه", "پتروشيمي كاوه", "mjv,adld ;h,i"), "en": ("Kaveh Steel", "KAVEH", "نشرثا")}


@pytest.fixture
def customer(firm: Firm) -> Customer:
    name = NAMES[firm.language][0]
    with firm.open():
        return Customer.objects.filter(name=name).first() or make_customer(name, owner=firm.people["rep"])


@pytest.mark.parametrize("keys", ["/", "Control+k"])
@pytest.mark.parametrize("spelling", [1, 2])
def test_the_palette_finds_however_it_is_typed_and_goes(
    visit: Visit, firm: Firm, customer: Customer, keys: str, spelling: int
):
    page = visit(firm, "rep").go("/customers/")
    page.keyboard.press(keys)
    field = page.locator("#palette [role=combobox]")
    expect(field).to_be_focused()
    field.fill(NAMES[firm.language][spelling])
    option = page.locator("#palette [data-found] [role=option]").filter(has_text=customer.name).first
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(firm.url(f"/customers/{customer.pk}/"))


def test_the_palette_does_things_and_shuts(visit: Visit, firm: Firm):
    page = visit(firm, "rep").go("/customers/")
    page.keyboard.press("Control+k")
    field = page.locator("#palette [role=combobox]")
    first = page.locator("#palette [role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("Control+k")
    field.fill(firm.says("New deal"))
    expect(page.locator("#palette [role=option]:not([hidden])")).to_have_count(1)
    expect(page.locator("#palette")).not_to_have_attribute("aria-busy", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(firm.url("/deals/new/"))


def test_rows_are_ticked_looked_at_changed_and_taken_back(visit: Visit, firm: Firm):
    with firm.open():
        leads = [make_lead(f"Lead {number}", source="Bulk") for number in range(3)]
    page = visit(firm, "manager").go("/leads/?owner=all&source=Bulk")
    expect(page.locator(".bulk-bar")).not_to_be_visible()
    page.locator("tbody input[name=pk]").first.check()
    page.locator("tbody input[name=pk]").last.click(modifiers=["Shift"])
    expect(page.locator("input[name=pk]:checked")).to_have_count(3)
    page.get_by_role("button", name=firm.says("Change these")).click()
    page.locator("[name=field]").select_option("owner")
    page.locator("[name=value]").select_option(str(firm.people["rep2"].pk))
    page.get_by_role("button", name=firm.says("Look what would change")).click()
    page.locator("#preview form button").click()
    expect(page.locator(".facts dd").first).to_have_text("۳" if firm.language == "fa" else "3")
    with firm.open():
        assert Lead.objects.filter(owner=firm.people["rep2"], source="Bulk").count() == 3
    page.get_by_role("button", name=firm.says("Take all of it back")).click()
    expect(page.locator("h2", has_text=firm.says("Taken back"))).to_be_visible()
    with firm.open():
        assert Lead.objects.filter(owner=None, pk__in=[lead.pk for lead in leads]).count() == 3
        Lead.objects.filter(source="Bulk").delete()
