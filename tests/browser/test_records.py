"""Facts edited in their place by keyboard, two people at once, who is known already, and the bin."""

import pytest
from playwright.sync_api import Page, expect

from crm.models import Customer
from crm.services import customer as customers
from tests.browser.conftest import Visit
from tests.browser.firms import Firm
from tests.factories.crm import make_contact, make_customer, make_interaction

PHONE = {"fa": "+989121234567", "en": "+12125550123"}


@pytest.fixture
def customer(firm: Firm) -> Customer:
    with firm.open():
        made = make_customer("Kaveh 77", owner=firm.people["rep"], city="Tehran", phone=PHONE[firm.language])
        for number in range(20):
            make_interaction(firm.people["rep"], customer=made, sentence=f"Call {number:02}")
        make_contact(made, "Rose")
        return made


def fact(page: Page, customer: Customer, name: str) -> str:
    return f"#fact-customer-{customer.pk}-{name}"


def test_a_fact_is_edited_by_keyboard(visit: Visit, firm: Firm, customer: Customer):
    page = visit(firm, "rep").go(f"/customers/{customer.pk}/")
    city = page.locator(fact(page, customer, "city"))
    city.locator("a").focus()
    page.keyboard.press("Enter")
    expect(city.locator("input[name=city]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(city.locator("form")).to_have_count(0)
    expect(city.locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    city.locator("input[name=city]").fill("Karaj")
    page.keyboard.press("Enter")
    expect(city).to_contain_text("Karaj")
    expect(city.locator("a")).to_be_focused()
    # The timeline follows.
    expect(page.locator("#timeline ins").filter(has_text="Karaj")).to_be_visible()
    with firm.open():
        assert Customer.objects.get(pk=customer.pk).city == "Karaj"


def test_both_values_stand_side_by_side(visit: Visit, firm: Firm, customer: Customer):
    page = visit(firm, "rep").go(f"/customers/{customer.pk}/edit/")
    with firm.open():
        changed = Customer.objects.get(pk=customer.pk)
        customers.change(changed, by=firm.people["manager"], values={"city": "Karaj", "sector": "Steel"})
    page.locator("#id_city").fill("Qom")
    page.locator(".form button.act").click()
    asked = page.locator(".conflict")
    expect(asked).to_contain_text(firm.people["manager"].name)
    expect(page.locator("#id_city")).to_have_value("Qom")
    asked.locator("input[value=theirs]").check()
    page.locator(".form button.act").click()
    expect(page).to_have_url(firm.url(f"/customers/{customer.pk}/"))
    with firm.open():
        now = Customer.objects.get(pk=customer.pk)
        assert (now.city, now.sector) == ("Karaj", "Steel")


def test_older_events_follow_and_kinds_are_chosen(visit: Visit, firm: Firm, customer: Customer):
    page = visit(firm, "rep").go(f"/customers/{customer.pk}/")
    events = page.locator("#timeline .timeline > li:not(#timeline-more)")
    expect(events).to_have_count(15)
    page.locator("#timeline-more a").click()
    expect(events).to_have_count(20)
    page.locator("#timeline .tabs a").last.click()
    expect(events).to_have_count(0)


def test_a_contact_opens_for_editing(visit: Visit, firm: Firm, customer: Customer):
    page = visit(firm, "rep").go(f"/customers/{customer.pk}/")
    page.locator("details:has(dl) summary").last.click()
    expect(page.locator("[id^=fact-contact-]")).to_have_count(5)


def test_who_is_known_is_said_while_typing(visit: Visit, firm: Firm, customer: Customer):
    page = visit(firm, "rep").go("/leads/new/")
    page.locator("#id_name").press_sequentially("kaveh77")
    known = page.locator("#known-already")
    expect(known).to_contain_text("Kaveh 77")
    page.locator("#id_name").fill("Nobody")
    expect(known).to_be_empty()


def test_into_the_bin_and_back(visit: Visit, firm: Firm, customer: Customer):
    page = visit(firm, "rep").go(f"/customers/{customer.pk}/")
    page.locator("[popovertarget=record-menu]").click()
    page.locator("#record-menu a.danger").click()
    page.locator("#dialog button.danger").click()
    expect(page).to_have_url(firm.url("/customers/"))
    page.goto(firm.url("/bin/?kind=customer"))
    page.locator("li").filter(has_text="Kaveh 77").first.locator("button").click()
    expect(page).to_have_url(firm.url(f"/customers/{customer.pk}/"))
