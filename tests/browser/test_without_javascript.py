"""What has to work by plain forms: the quick log, and deciding in a running meeting."""

import pytest
from playwright.sync_api import expect

from crm.models import Interaction, NextStep
from rituals.models import Decision, ItemKind, Meeting
from rituals.services import meeting as meetings
from tests.browser.conftest import Visit
from tests.browser.firms import Firm
from tests.browser.week import Week, make_week
from tests.factories.crm import TODAY

TOMORROW = {"fa": "فردا", "en": "tomorrow"}


@pytest.fixture(scope="module")
def weeks(firms: dict[str, Firm]) -> dict[str, Week]:
    return {language: make_week(firm) for language, firm in firms.items()}


@pytest.fixture
def week(firm: Firm, weeks: dict[str, Week]) -> Week:
    return weeks[firm.language]


@pytest.fixture
def meeting(firm: Firm, week: Week) -> Meeting:
    """Running, with the biggest stuck deal on the table."""
    manager = firm.people["manager"]
    with firm.open():
        meeting = week.next_meeting()
        meetings.start(meeting, present=[manager], by=manager, today=TODAY)
        meetings.go_to(meeting.items.filter(kind=ItemKind.DEAL).earliest("position"))
    return meeting


def test_a_call_is_logged(visit: Visit, firm: Firm, week: Week):
    page = visit(firm, "rep", java_script_enabled=False).go("/")
    form = page.locator("#quick-log")
    form.locator("[name=who_text]").fill(week.caller.name)
    form.locator("[name=sentence]").fill("They called back")
    form.locator("[name=next_step]").fill(f"{TOMORROW[firm.language]} call them")
    form.locator("button.act").click()
    expect(page.locator(".toast.success")).to_contain_text(week.caller.name)
    with firm.open():
        assert Interaction.objects.get(customer=week.caller).sentence == "They called back"
        step = NextStep.objects.get(customer=week.caller)
        assert (step.what, step.owner) == ("call them", firm.people["rep"])


def test_a_name_that_nobody_knows_is_asked_about(visit: Visit, firm: Firm, week: Week):
    page = visit(firm, "rep", java_script_enabled=False).go("/")
    page.locator("#quick-log [name=who_text]").fill("Meridian")
    page.locator("#quick-log [name=sentence]").fill("They wrote")
    page.locator("#quick-log button.act").click()
    expect(page.locator("#quick-log [name=sentence]")).to_have_value("They wrote")
    page.locator("#quick-log label", has=page.locator("[value='new:customer']")).click()
    page.locator("#quick-log button.act").click()
    expect(page.locator(".toast.success")).to_contain_text("Meridian")
    with firm.open():
        assert Interaction.objects.get(customer__name="Meridian").sentence == "They wrote"


def test_a_decision_is_recorded_and_applied(visit: Visit, firm: Firm, week: Week, meeting: Meeting):
    page = visit(firm, "manager", java_script_enabled=False).go(meeting.get_absolute_url())
    expect(page.locator("#item-title")).to_contain_text(week.name(0))
    form = page.locator("#decide")
    form.locator("label", has=page.locator("[value=new_plan]")).click()
    form.locator("[name=text]").fill("Visit them")
    form.locator("[name=due_on]").fill(TOMORROW[firm.language])
    form.locator("[name=expected]").fill("A signed offer")
    form.get_by_role("button", name=firm.says("Record the decision")).click()
    expect(page.locator("#item-title")).to_contain_text(week.name(1))
    with firm.open():
        made = Decision.objects.get(meeting=meeting)
        assert (made.text, made.expected, made.opportunity) == ("Visit them", "A signed offer", week.deals[0])
        assert NextStep.objects.get(opportunity=week.deals[0]).what == "Visit them"
