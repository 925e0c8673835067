"""What each role sees, and each fix through its form."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Change, Contact, Entity, Interaction, LeadStatus, NextStep
from dataquality.models import Issue, Rule
from dataquality.rules import RULES
from dataquality.services import scoring
from tests.factories.charter import make_key_decision
from tests.factories.crm import make_contact, make_customer, make_lead, make_next_step, make_opportunity, make_stages
from tests.factories.dataquality import ask, ask_everything, make_score, make_tidy_customer, make_tidy_deal

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def firm(db, acme, nader):
    make_stages()
    ask_everything(serves=make_key_decision(nader, slot=3, name="پیش‌بینی فصل"))


def fix_url(record, rule):
    entity = {"Opportunity": "opportunity", "Lead": "lead", "Customer": "customer"}[type(record).__name__]
    return reverse("dataquality:fix", args=[entity, record.pk, rule])


def statements(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- Who sees what ------------------------------------------------------------------------------------------------
def test_rep_sees_his_own_score_only(client_of, sara, reza):
    make_tidy_deal(sara, amount=None)
    make_tidy_deal(reza)
    screen = client_of(sara).get(reverse("dataquality:overview")).context["screen"]
    assert (screen.own.tally.score, screen.own.tally.records) == (92, 2)
    assert [(one.rule.name, one.count, one.points) for one in screen.own.reasons] == [("no_amount", 1, 7.5)]
    assert (screen.firm, screen.owners) == (None, [])


def test_manager_sees_everybody_in_alphabetical_order_whatever_the_scores(client_of, sara, reza, nader):
    make_tidy_deal(reza)
    make_tidy_deal(sara, amount=None, expected_close=None)
    make_tidy_deal(sara, customer=make_tidy_customer(sara), owner=None)
    screen = client_of(nader).get(reverse("dataquality:overview")).context["screen"]
    assert [(row.owner, row.tally.score) for row in screen.owners] == [(reza, 100), (sara, 90)]
    assert (screen.firm.tally.score, screen.firm.tally.records) == (93, 6)
    assert (screen.ownerless.records, screen.own) == (1, None)


def test_executive_sees_the_totals_of_the_firm_and_no_names(client_of, sara, leila):
    make_tidy_deal(sara, amount=None)
    response = client_of(leila).get(reverse("dataquality:overview"))
    screen = response.context["screen"]
    assert (screen.firm.tally.score, screen.own, screen.owners) == (92, None, [])
    assert sara.name not in response.content.decode()


def test_overview_shows_the_trend_and_last_night(client_of, sara, today):
    make_tidy_deal(sara)
    for nights, score in enumerate((90, 80, 70)):
        make_score(sara, today - timedelta(nights), score)
    make_score(sara, today - timedelta(30), 10)
    screen = client_of(sara).get(reverse("dataquality:overview")).context["screen"]
    assert (screen.own.trend, screen.own.last_night) == ([70, 80, 90], 90)


def test_overview_asks_as_many_questions_for_three_owners_as_for_one(client_of, sara, reza, nader, admin):
    client, url = client_of(nader), reverse("dataquality:overview")
    make_tidy_deal(sara, amount=None)
    client.get(url)
    few = statements(client, url)
    for owner in (reza, admin):
        make_tidy_deal(owner, amount=None)
        make_lead(owner=owner)
    assert statements(client, url) == few == 11


def test_all_fixes_of_a_rep_are_his_own_and_a_managers_everybodys(client_of, sara, reza, nader):
    mine, other = make_tidy_deal(sara, amount=None), make_tidy_deal(reza, amount=None)
    url = reverse("dataquality:all_fixes")

    def shown(user, query=""):
        return {one.record for one in client_of(user).get(url + query).context["screen"].records}

    assert shown(sara) == shown(sara, f"?owner={reza.pk}") == {mine}
    assert shown(nader) == {mine, other}
    assert shown(nader, f"?owner={reza.pk}") == {other}
    assert shown(nader, "?owner=none") == set()


def test_all_fixes_asks_as_many_questions_for_three_records_as_for_one(client_of, nader, sara):
    client, url = client_of(nader), reverse("dataquality:all_fixes")

    def spoil():
        customer = make_tidy_customer(sara)
        Contact.objects.filter(customer=customer).update(decides=False)
        deal = make_opportunity(customer=customer, owner=None)
        make_next_step(sara, opportunity=deal, due_in=-2)

    spoil()
    client.get(url)
    few = statements(client, url)
    spoil()
    spoil()
    assert statements(client, url) == few == 11


def test_badge_shows_what_is_wrong_and_the_form_only_to_who_may_repair(client_of, sara, reza, leila):
    deal = make_tidy_deal(sara, amount=None)
    url = reverse("dataquality:deal_issues", args=[deal.pk])
    for user, may in ((sara, True), (reza, False), (leila, False)):
        one = client_of(user).get(url).context["one"]
        assert [(fix.rule.name, fix.form is not None) for fix in one.fixes] == [("no_amount", may)]
        assert one.score == 85
    lead = make_lead(owner=sara)
    one = client_of(sara).get(reverse("dataquality:lead_issues", args=[lead.pk])).context["one"]
    assert ([fix.rule.name for fix in one.fixes], one.score) == (["lead_no_way", "lead_no_source"], 55)
    customer = make_customer(owner=sara)
    one = client_of(sara).get(reverse("dataquality:customer_issues", args=[customer.pk])).context["one"]
    assert (one.fixes, one.score) == ([], 100)


# --- The list on Today --------------------------------------------------------------------------------------------
def test_three_best_fixes_with_the_score_they_would_give(client_of, sara):
    customer = make_tidy_customer(sara)
    no_step = make_opportunity(customer=customer, owner=sara, amount=10, expected_close=date(2026, 12, 1))
    big = make_tidy_deal(sara, customer=customer, amount=9_000, expected_close=None)
    small = make_tidy_deal(sara, customer=customer, amount=5, expected_close=None)
    make_tidy_deal(sara, customer=customer, amount=None)
    screen = client_of(sara).get(reverse("dataquality:fixes")).context["screen"]
    assert [(fix.rule.name, fix.record) for fix in screen.fixes] == [
        ("no_next_step", no_step),
        ("no_close_date", big),
        ("no_close_date", small),
    ]
    # (4 × 100 + 100 − 20 − 15 − 15 − 15) / 5 = 87; with 50 points back 97
    assert (screen.tally.score, screen.after) == (87, 97)
    assert screen.decisions == ["پیش‌بینی فصل"]


def test_manager_also_gets_what_nobody_owns_and_executive_gets_the_firm(client_of, sara, nader, leila):
    make_tidy_deal(sara, amount=None)
    orphan = make_tidy_deal(sara, owner=None)
    url = reverse("dataquality:fixes")
    screen = client_of(nader).get(url).context["screen"]
    assert [(fix.rule.name, fix.record) for fix in screen.fixes] == [("no_owner", orphan)]
    screen = client_of(leila).get(url).context["screen"]
    assert (screen.fixes, screen.firm.score) == ([], 93)


def test_fixes_ask_as_many_questions_for_three_as_for_one(client_of, sara):
    client, url = client_of(sara), reverse("dataquality:fixes")
    make_tidy_deal(sara, expected_close=None)
    client.get(url)
    few = statements(client, url)
    for _ in range(2):
        make_tidy_deal(sara, expected_close=None)
    assert statements(client, url) == few == 11


# --- Each fix -----------------------------------------------------------------------------------------------------
def deal_of(sara, **fields):
    return make_tidy_deal(sara, **fields)


def lead_of(sara, **fields):
    return make_lead(**{"phone": "+989120000000", "source": "وب‌سایت", "owner": sara, **fields})


def stepless(sara):
    return make_opportunity(owner=sara, amount=1, expected_close=date(2026, 12, 1), customer=make_tidy_customer(sara))


def late(sara):
    deal = stepless(sara)
    make_next_step(sara, opportunity=deal, due_in=-3)
    return deal


def undecided(sara):
    customer = make_customer(owner=sara, phone="+982188000000")
    return make_tidy_deal(sara, customer=customer)


def contacted(sara, due_in=None):
    lead = lead_of(sara, status=LeadStatus.CONTACTED)
    if due_in is not None:
        make_next_step(sara, lead=lead, due_in=due_in)
    return lead


def phoneless(sara):
    customer = make_tidy_customer(sara)
    customer.phone = ""
    customer.save()
    make_tidy_deal(sara, customer=customer)
    return customer


def ownerless_customer(sara):
    customer = make_tidy_customer(sara)
    make_tidy_deal(sara, customer=customer)
    customer.owner = None
    customer.save()
    return customer


LONG_AGO = date(2026, 9, 1)


def still_deal(sara):
    """Nothing is planned for it either; then it would only rest."""
    deal = deal_of(sara, stage_since=LONG_AGO)
    deal.next_steps.all().delete()
    return deal


NEW_CUSTOMER = {"customer": "new:customer", "customer_text": "پتروشیمی کاوه"}


def customer_that_lacks_more(owner):
    ask(Entity.CUSTOMER, "sector")
    return deal_of(owner).customer


FIXES = [
    (customer_that_lacks_more, "asked_empty", {"sector": "فولاد"}),
    (
        lambda s: deal_of(s, customer=None),
        "no_customer",
        {"customer": "new:customer", "customer_text": "پتروشیمی کاوه"},
    ),
    (lambda s: deal_of(s, amount=None), "no_amount", {"amount": "۱۲ میلیون"}),
    (lambda s: deal_of(s, expected_close=None), "no_close_date", {"expected_close": "۱۴۰۵/۰۹/۱۸"}),
    (undecided, "no_decider", {"name": "خانم رضایی", "title": "مدیر خرید"}),
    (lambda s: deal_of(s, owner=None), "no_owner", {"owner": "sara"}),
    (lambda s: deal_of(s, expected_close=LONG_AGO), "close_past", {"expected_close": "فردا"}),
    (still_deal, "stale", {"kind": "call", "sentence": "قرار شد نمونه بفرستیم"}),
    (stepless, "no_next_step", {"what": "ارسال پیش‌فاکتور", "due_on": "فردا"}),
    (late, "step_overdue", {"due_on": "فردا"}),
    (lambda s: lead_of(s, phone=""), "lead_no_way", {"phone": "۰۹۱۲۱۲۳۴۵۶۷"}),
    (lambda s: lead_of(s, source=""), "lead_no_source", {"source": "نمایشگاه"}),
    (lambda s: lead_of(s, owner=None), "no_owner", {"owner": "sara"}),
    (
        lambda s: lead_of(s, captured_at="2026-11-19T10:00Z"),
        "lead_unanswered",
        {"kind": "call", "sentence": "زنگ زدم", "what": ""},
    ),
    (contacted, "no_next_step", {"what": "ارسال کاتالوگ", "due_on": "امروز"}),
    (lambda s: contacted(s, -1), "step_overdue", {"due_on": "امروز"}),
    (phoneless, "customer_no_phone", {"phone": "02188000000"}),
    (ownerless_customer, "no_owner", {"owner": "sara"}),
]


def test_every_rule_has_its_fix_tested():
    assert len(FIXES) == len(RULES) + 1
    assert {rule for _make, rule, _data in FIXES} == set(Rule.values)


@pytest.mark.parametrize(("make", "rule", "data"), FIXES)
def test_fix_repairs_the_record_at_once(make, rule, data, client_of, sara, today):
    record = make(sara)
    data = {**data, "owner": sara.pk} if "owner" in data else data
    scoring.score_tenant(today=today)
    kept = Issue.objects.filter(rule=rule, resolved_on=None)
    assert kept.count() == 1
    response = client_of(sara).post(fix_url(record, rule), {**data, "place": "today"}, **HTMX)
    assert response.status_code == 200
    assert rule not in [fix.rule.name for fix in response.context["screen"].fixes]
    assert not kept.exists()
    assert Issue.objects.get(rule=rule).resolved_on == today
    assert response.headers["HX-Trigger"] == "record-changed"


def test_fix_goes_through_the_services_of_the_records(client_of, sara):
    deal = make_tidy_deal(sara, amount=None)
    client_of(sara).post(fix_url(deal, "no_amount"), {"amount": "۱۲ میلیون"})
    change = Change.objects.get(opportunity=deal)
    assert (change.field, change.new, change.by) == ("amount", "120000000.00", sara)


def test_answer_says_the_score_before_and_after(client_of, sara):
    deal = make_tidy_deal(sara, amount=None)
    response = client_of(sara).post(fix_url(deal, "no_amount"), {"amount": "5", "place": "today"}, **HTMX)
    said = response.content.decode().partition("hx-partial")[2]
    assert ("۹۲" in said, "۱۰۰" in said) == (True, True)
    assert response.context["screen"].tally.score == 100


def test_known_contact_becomes_the_decider(client_of, sara):
    deal = undecided(sara)
    known = make_contact(deal.customer, name="آقای نیک‌پور")
    response = client_of(sara).post(fix_url(deal, "no_decider"), {"contact": known.pk}, **HTMX)
    known.refresh_from_db()
    assert (response.status_code, known.decides, Contact.objects.count()) == (200, True, 1)


def test_contact_of_another_customer_cannot_be_named(client_of, sara):
    deal, stranger = undecided(sara), make_contact(make_customer())
    make_contact(deal.customer)
    response = client_of(sara).post(fix_url(deal, "no_decider"), {"contact": stranger.pk}, **HTMX)
    stranger.refresh_from_db()
    assert (response.status_code, stranger.decides) == (422, False)


def test_late_step_can_be_ticked_off(client_of, sara):
    deal = late(sara)
    response = client_of(sara).post(fix_url(deal, "step_overdue"), {"done": "1", "place": "record"}, **HTMX)
    step = NextStep.objects.get(opportunity=deal)
    assert (step.done_by, [fix.rule.name for fix in response.context["one"].fixes]) == (sara, ["no_next_step"])


def test_talk_is_logged_on_the_record(client_of, sara):
    deal = still_deal(sara)
    client_of(sara).post(fix_url(deal, "stale"), {"kind": "visit", "sentence": "دیدمشان"})
    logged = Interaction.objects.get()
    assert (logged.opportunity, logged.kind, logged.sentence, logged.by) == (deal, "visit", "دیدمشان", sara)


@pytest.mark.parametrize("place", ["today", "record"])
def test_wrong_value_comes_back_as_typed_with_422(place, client_of, sara):
    deal = make_tidy_deal(sara, expected_close=LONG_AGO)
    data = {"expected_close": "۱۴۰۵/۰۱/۰۱", "place": place}
    response = client_of(sara).post(fix_url(deal, "close_past"), data, **HTMX)
    assert response.status_code == 422
    assert "۱۴۰۵/۰۱/۰۱" in response.content.decode()
    deal.refresh_from_db()
    assert deal.expected_close == LONG_AGO


def test_without_javascript_the_same_post_redirects_or_shows_the_page_again(client_of, sara):
    deal = make_tidy_deal(sara, amount=None)
    client = client_of(sara)
    wrong = client.post(fix_url(deal, "no_amount"), {"amount": "زیاد"})
    assert (wrong.status_code, "<html" in wrong.content.decode()) == (422, True)
    right = client.post(fix_url(deal, "no_amount"), {"amount": "7", "back": "/quality/"})
    assert (right.status_code, right.headers["Location"]) == (303, "/quality/")
    deal.refresh_from_db()
    assert deal.amount == Decimal(70)


def test_page_of_one_fix_shows_its_form(client_of, sara):
    deal = make_tidy_deal(sara, amount=None)
    response = client_of(sara).get(fix_url(deal, "no_amount"))
    assert (response.status_code, 'name="amount"' in response.content.decode()) == (200, True)


def test_what_somebody_fixed_meanwhile_is_not_asked_again(client_of, sara):
    deal = make_tidy_deal(sara)
    response = client_of(sara).post(fix_url(deal, "no_amount"), {"amount": "1"}, **HTMX)
    deal.refresh_from_db()
    assert (response.status_code, deal.amount) == (200, 1_000)


# --- Rights and addresses -----------------------------------------------------------------------------------------
def test_who_may_not_change_the_record_may_not_fix_it(client_of, sara, reza, leila, nader):
    deal = make_tidy_deal(sara, amount=None)
    statuses = [
        client_of(user).post(fix_url(deal, "no_amount"), {"amount": "1"}).status_code for user in (reza, leila, nader)
    ]
    assert statuses == [403, 403, 303]


def test_unknown_kind_rule_and_record_are_404(client_of, sara):
    deal = make_tidy_deal(sara, amount=None)
    client = client_of(sara)
    for args in (["firm", deal.pk, "no_amount"], ["opportunity", deal.pk, "sloppy"], ["opportunity", 0, "no_amount"]):
        assert client.get(reverse("dataquality:fix", args=args)).status_code == 404
    for name in ("deal_issues", "lead_issues", "customer_issues"):
        assert client.get(reverse(f"dataquality:{name}", args=[0])).status_code == 404


@pytest.mark.parametrize("name", ["overview", "all_fixes", "fixes"])
def test_pages_are_read_only_and_want_a_member(name, client_of, sara, visitor):
    assert client_of(sara).post(reverse(f"dataquality:{name}")).status_code == 405
    assert visitor.get(reverse(f"dataquality:{name}")).status_code == 302


def test_entities_and_pages_match():
    assert {rule.entity for rule in RULES} == set(Entity)
