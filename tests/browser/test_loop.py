"""The weekly loop from the first call to the decision log, as four people of one firm live it, in both languages."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.models import Change, Interaction, NextStep, Opportunity, Stage
from dataquality import tally
from l10n import formats
from rituals.models import ActionItem, AgendaItem, Decision, Meeting, Minutes, RitualKind
from tests.browser.conftest import Until, Visit
from tests.browser.firms import Firm
from tests.browser.visitor import Visitor
from tests.browser.week import Week, make_week, stuck_deal
from tests.cast import PASSWORD
from tests.factories.crm import TODAY

SAID: dict[str, dict[str, str]] = {
    "fa": {
        "letters": "مهرگان",
        "sentence": "مدیر خرید پیش‌فاکتور خواست",
        "step": "فردا، ارسال پیش‌فاکتور",
        "what": "ارسال پیش‌فاکتور",
        "fix": "تماس با مدیر مالی",
        "soon": "فردا",
        "plan": "جلسهٔ حضوری با مدیر مالی",
        "expected": "رسیدن به مرحلهٔ بعد",
        "amount": "۹۰۰ میلیون",
        "day": "۱۴۰۵/۰۹/۱۲",
        "lost": "بودجه‌شان را بستند",
        "later": "مدیر مالی در سفر است",
        "ask": "قیمت تازه بگیر",
        "nothing": "تا پایان ماه چیزی عوض نمی‌شود",
        "corrective": "هر هفته دو تماس تمدید",
    },
    "en": {
        "letters": "harb",
        "sentence": "Purchasing asked for an offer",
        "step": "tomorrow, send the offer",
        "what": "send the offer",
        "fix": "Call their finance lead",
        "soon": "tomorrow",
        "plan": "Visit their finance lead",
        "expected": "They move to the next stage",
        "amount": "90,000",
        "day": "2026-12-03",
        "lost": "Their budget is closed",
        "later": "Finance is travelling",
        "ask": "Get a new price",
        "nothing": "Nothing changes before the end of the month",
        "corrective": "Two renewal calls every week",
    },
}
REPAIRED = {"fa": "معدن سرچشمه", "en": "Granite Mining"}
DAY = date(2026, 12, 3)
NEW_AMOUNT = {"fa": Decimal(9_000_000_000), "en": Decimal(90_000)}


@pytest.fixture(scope="module")
def weeks(firms: dict[str, Firm]) -> dict[str, Week]:
    return {language: make_week(firm) for language, firm in firms.items()}


@pytest.fixture
def repaired(firm: Firm, weeks: dict[str, Week]) -> Opportunity:
    """The dearest deal of all. With its next step planned it rests, and no agenda asks for it."""
    with firm.open():
        return stuck_deal(firm, REPAIRED[firm.language], place=-1)


@pytest.fixture
def week(firm: Firm, weeks: dict[str, Week]) -> Week:
    return weeks[firm.language]


def test_the_weekly_loop(visit: Visit, firm: Firm, week: Week, repaired: Opportunity, until: Until[Any]):
    rep = visit(firm)
    log_in(rep, firm)
    log_by_keyboard(rep.page, firm, week)
    fix_in_place(rep.page, firm, repaired)

    manager = visit(firm, "manager")
    meeting = open_the_agenda(manager, week)
    start_without(manager.page, firm, "rep2")
    decide_on_deals(manager.page, firm, week)
    see_the_deal_changed(manager, firm, week)
    end_the_others(manager.page, firm, week)
    refused_then_closed(manager.page, firm, week, meeting)

    until(lambda: pdf_of(firm, meeting))
    download_the_minutes(manager.page, firm)
    read_the_log(visit(firm, "executive"), firm, meeting)


def test_the_monthly_review_ends_in_a_corrective_action(visit: Visit, firm: Firm, week: Week, until: Until[Any]):
    manager = visit(firm, "manager")
    page, said = manager.page, SAID[firm.language]
    meeting = open_the_agenda(manager, week, RitualKind.OKR)
    start_without(page, firm, "rep2")
    expect(page.locator("#item-title")).to_contain_text(week.key_result.title)
    decide(page, firm, cause="capacity", text=said["corrective"], due_on=said["day"], expected=said["expected"])
    expect(page.locator("#panel .decision strong")).to_have_text(said["corrective"])
    press(page, firm, "End the meeting")
    press(page, firm, "Close the meeting")
    expect(page.locator("#closed-title")).to_be_visible()
    with firm.open():
        made = Decision.objects.get(meeting=meeting)
        promise = ActionItem.objects.get(decision=made)
        assert (made.key_result, promise.cause, promise.due_on) == (week.key_result, "capacity", DAY)
    until(lambda: pdf_of(firm, meeting))


# --- The rep, on Today --------------------------------------------------------------------------------------------
def log_in(visitor: Visitor, firm: Firm) -> None:
    page = visitor.go("/")
    page.get_by_label(firm.says("E-mail")).fill(firm.people["rep"].email)
    page.get_by_label(firm.says("Password")).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#quick-log")).to_be_visible()


def log_by_keyboard(page: Page, firm: Firm, week: Week) -> None:
    """Not one click: the cursor stands in the line already."""
    said = SAID[firm.language]
    expect(page.locator("[name=who_text]")).to_be_focused()
    page.keyboard.type(said["letters"])
    expect(page.locator("#quick-log [role=option][aria-selected=true]")).to_contain_text(week.caller.name)
    page.keyboard.press("Tab")
    expect(page.locator("[name=who_text]")).to_have_value(week.caller.name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type(said["sentence"])
    page.keyboard.press("Tab")
    page.keyboard.type(said["step"])
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast.success")).to_contain_text(week.caller.name)
    expect(page.locator("#steps")).to_contain_text(said["what"])
    expect(page.locator("[name=who_text]")).to_be_focused()
    with firm.open():
        logged = Interaction.objects.latest("pk")
        assert (logged.customer, logged.sentence, logged.by) == (week.caller, said["sentence"], firm.people["rep"])
        assert logged.kind == "meeting"
        step = NextStep.objects.get(customer=week.caller)
        assert (step.what, step.due_on, step.owner) == (said["what"], date(2026, 11, 22), firm.people["rep"])


def fix_in_place(page: Page, firm: Firm, deal: Opportunity) -> None:
    """The dearest repair is the biggest deal's missing step; the answer says what it did to the score."""
    said = SAID[firm.language]
    with firm.open():
        before = tally.of_owner(firm.people["rep"].pk, TODAY).score
        shown = formats.num(before or 0)
    expect(page.locator("#fixes .tag.ok.push")).to_contain_text(shown)
    form = page.locator(f"#fix-opportunity-{deal.pk}-no_next_step")
    form.locator("[name=what]").fill(said["fix"])
    form.locator("[name=due_on]").fill(said["soon"])
    form.get_by_role("button", name=firm.says("Save")).click()
    expect(form).to_have_count(0)
    with firm.open():
        after = tally.of_owner(firm.people["rep"].pk, TODAY).score
        assert before is not None
        assert after is not None
        assert after > before
        told = {"before": formats.num(before), "after": formats.num(after)}
        step = NextStep.objects.get(opportunity=deal)
        assert (step.what, step.due_on) == (said["fix"], TODAY + timedelta(1))
    rise = firm.says("Fixed. Your score went from %(before)s to %(after)s.", **told)
    expect(page.locator("#toasts .toast", has_text=rise)).to_be_visible()
    expect(page.locator("#steps")).to_contain_text(said["fix"])


# --- The manager, in the meeting ----------------------------------------------------------------------------------
def open_the_agenda(manager: Visitor, week: Week, kind: str = RitualKind.PIPELINE) -> Meeting:
    """From the list of meetings; the agenda is made there and then, the biggest stuck deal first."""
    firm, page = week.firm, manager.go("/meetings/")
    with firm.open():
        meeting = week.next_meeting(kind)
    page.locator(f"[aria-labelledby=upcoming-title] a[href='{meeting.get_absolute_url()}']").click()
    press(page, firm, "Build the agenda now")
    expect(page.locator("#before-title")).to_have_text(firm.says("The agenda is ready"))
    if kind == RitualKind.PIPELINE:
        stuck = [week.name(place) for place in range(7)]
        expect(page.locator(".agenda li")).to_contain_text([firm.says("What changed"), *stuck])
    return meeting


def start_without(page: Page, firm: Firm, absent: str) -> None:
    form = page.locator("form[action*='/start/']")
    choice = form.get_by_label(firm.people[absent].name)
    if choice.is_checked():
        form.locator("label", has=page.locator(f"[value='{firm.people[absent].pk}']")).click()
    press(page, firm, "Start the meeting")
    expect(page.locator("#panel")).to_be_visible()


def decide(page: Page, firm: Firm, kind: str = "", **fields: str) -> None:
    """Fills the form of the item that is shown and records the decision."""
    form = page.locator("#decide")
    if kind:
        form.locator("label", has=page.locator(f"[name=kind][value={kind}]")).click()
    for name, value in fields.items():
        fill(form.locator(f"[name={name}]"), value)
    form.get_by_role("button", name=firm.says("Record the decision")).click()


def fill(field: Locator, value: str) -> None:
    if field.evaluate("field => field.localName") == "select":
        field.select_option(value)
    else:
        field.fill(value)


def press(page: Page, firm: Firm, name: str) -> None:
    page.get_by_role("button", name=firm.says(name)).click()


def decide_on_deals(page: Page, firm: Firm, week: Week) -> None:
    said, title = SAID[firm.language], page.locator("#item-title")
    press(page, firm, "Seen, go on")
    expect(title).to_contain_text(week.name(0))
    decide(page, firm, "new_plan", text=said["plan"], due_on=said["day"], expected=said["expected"])
    expect(title).to_contain_text(week.name(1))
    with firm.open():
        assert NextStep.objects.filter(opportunity=week.deals[0], what=said["plan"], due_on=DAY).count() == 1
        second = Stage.objects.order_by("position")[1]
    forecast = {"new_amount": said["amount"], "new_close": said["day"], "new_stage": str(second.pk)}
    decide(page, firm, "change_forecast", **forecast, expected=said["expected"])
    expect(title).to_contain_text(week.name(2))
    decide(page, firm, "drop", lost_reason=said["lost"])
    expect(title).to_contain_text(week.name(3))
    heir = firm.people["rep2"]
    decide(page, firm, "change_owner", new_owner=str(heir.pk), expected=said["expected"])
    expect(title).to_contain_text(week.name(4))
    with firm.open():
        forecast_deal, dropped, handed = Opportunity.objects.filter(
            pk__in=[deal.pk for deal in week.deals[1:4]]
        ).order_by("pk")
        assert forecast_deal.amount == NEW_AMOUNT[firm.language]
        assert (forecast_deal.expected_close, forecast_deal.stage) == (DAY, second)
        assert (dropped.is_open, dropped.lost_reason) == (False, said["lost"])
        assert (handed.owner, handed.is_open) == (heir, True)
        fields = Change.objects.filter(opportunity=forecast_deal).values_list("field", flat=True)
        assert set(fields) == {"amount", "expected_close", "stage"}


def see_the_deal_changed(manager: Visitor, firm: Firm, week: Week) -> None:
    """On the deal's own page, while the meeting still runs."""
    tab = manager.context.new_page()
    tab.goto(firm.url(week.deals[1].get_absolute_url()))
    with firm.open():
        deal = Opportunity.objects.select_related("stage").get(pk=week.deals[1].pk)
        amount = formats.money(deal.amount)
    expect(tab.locator("[aria-current=step]")).to_have_text(deal.stage.name)
    expect(tab.locator(f"#fact-opportunity-{deal.pk}-amount")).to_contain_text(amount)
    expect(tab.locator(".decision").first).to_be_visible()
    tab.close()


def end_the_others(page: Page, firm: Firm, week: Week) -> None:
    said, title = SAID[firm.language], page.locator("#item-title")
    end(page, firm, "defer", "Leave for later", reason=said["later"])
    expect(title).to_contain_text(week.name(5))
    heir = str(firm.people["rep2"].pk)
    end(page, firm, "delegate", "Hand over", to=heir, until=said["day"], reason=said["ask"])
    expect(title).to_contain_text(week.name(6))


def end(page: Page, firm: Firm, way: str, button: str, **fields: str) -> None:
    form = page.locator(f"form[action*='/{way}/']")
    page.locator("details", has=form).locator("summary").click()
    for name, value in fields.items():
        fill(form.locator(f"[name={name}]"), value)
    form.get_by_role("button", name=firm.says(button)).click()


def refused_then_closed(page: Page, firm: Firm, week: Week, meeting: Meeting) -> None:
    """The seventh deal is open: closing is refused, and the refusal leads to it."""
    said = SAID[firm.language]
    press(page, firm, "End the meeting")
    press(page, firm, "Close the meeting")
    missing = page.locator("#missing li")
    expect(missing).to_have_count(1)
    expect(missing).to_contain_text(week.name(6))
    with firm.open():
        assert Meeting.objects.get(pk=meeting.pk).state == "wrap_up"
    missing.get_by_role("link").click()
    expect(page.locator("#item-title")).to_contain_text(week.name(6))
    page.locator("details", has=page.locator("form[action*='/no-decision/']")).locator("summary").click()
    form = page.locator("form[action*='/no-decision/']")
    form.locator("label", has=page.locator("[value=nothing_needed]")).click()
    form.locator("[name=reason]").fill(said["nothing"])
    form.get_by_role("button", name=firm.says("End without a decision")).click()
    expect(page.locator("#wrap-title")).to_be_visible()
    press(page, firm, "Close the meeting")
    expect(page.locator("#closed-title")).to_be_visible()
    with firm.open():
        outcomes = AgendaItem.objects.filter(meeting=meeting, needs_decision=True).values_list("outcome", flat=True)
        assert list(outcomes.order_by("position")) == ["decided"] * 4 + ["deferred", "delegated", "no_decision"]


def pdf_of(firm: Firm, meeting: Meeting) -> Minutes | None:
    """The minutes once the worker has printed them; the page would print them itself when asked too early."""
    with firm.open():
        return Minutes.objects.filter(meeting=meeting).exclude(pdf=None).first()


def download_the_minutes(page: Page, firm: Firm) -> None:
    page.get_by_role("link", name=firm.says("Minutes"), exact=True).click()
    expect(page.locator(".minutes")).to_contain_text(SAID[firm.language]["plan"])
    with page.expect_download() as download:
        page.get_by_role("link", name=firm.says("Download PDF")).click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


# --- The executive, in the log ------------------------------------------------------------------------------------
def read_the_log(executive: Visitor, firm: Firm, meeting: Meeting) -> None:
    said, page = SAID[firm.language], executive.go("/decisions/")
    with firm.open():
        codes = Decision.objects.filter(meeting=meeting).count()
        plan = Decision.objects.get(meeting=meeting, text=said["plan"])
    assert codes == 4
    expect(page.locator("tbody tr")).to_have_count(4)
    row = page.locator("tbody tr", has_text=said["plan"])
    expect(row).to_contain_text(said["expected"])
    row.get_by_role("link", name=said["plan"]).click()
    expect(page.locator("h1")).to_contain_text(said["plan"])
    assert urlsplit(page.url).path == plan.get_absolute_url()
