"""Every rule from both sides, and the one definition: what the night finds is what the badge shows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.models import Entity, FieldRule, InteractionKind, LeadStatus, Opportunity
from dataquality.forms import form_for
from dataquality.models import Issue, Rule
from dataquality.queries import record_issues
from dataquality.reasons import plain
from dataquality.rules import FULL, RULES, Dimension, active_rules, judged, loss
from dataquality.services import fixing, scoring
from tests.factories.charter import make_key_decision
from tests.factories.crm import (
    make_contact,
    make_customer,
    make_interaction,
    make_lead,
    make_next_step,
    make_opportunity,
    make_own_field,
    make_stages,
)
from tests.factories.dataquality import ask, ask_everything, make_tidy_customer, make_tidy_deal

YESTERDAY = datetime(2026, 11, 20, 23, 59, tzinfo=ZoneInfo("Asia/Tehran"))
MIDNIGHT = datetime(2026, 11, 21, 0, 0, tzinfo=ZoneInfo("Asia/Tehran"))


@pytest.fixture(autouse=True)
def firm(db, acme):
    make_stages()
    ask_everything()


def tidy_lead(owner, **fields):
    values = {"phone": "+989120000000", "source": "نمایشگاه", "owner": owner, **fields}
    return make_lead(**values)


def contacted_lead(owner, due_in=None):
    lead = tidy_lead(owner, status=LeadStatus.CONTACTED)
    if due_in is not None:
        make_next_step(owner, lead=lead, due_in=due_in)
    return lead


def deal_without_step(owner):
    return make_opportunity(owner=owner, amount=1, expected_close=date(2026, 12, 1), customer=make_tidy_customer(owner))


def deal_with_step(owner, due_in):
    deal = deal_without_step(owner)
    make_next_step(owner, opportunity=deal, due_in=due_in)
    return deal


def deal_without_decider(owner):
    customer = make_customer(owner=owner, phone="+982188000000")
    make_contact(customer, decides=False)
    return make_tidy_deal(owner, customer=customer)


def deal_since(owner, days, quiet=None):
    today = date(2026, 11, 21)
    spoken = None if quiet is None else today - timedelta(quiet)
    deal = make_tidy_deal(owner, stage_since=today - timedelta(days), last_interaction_on=spoken)
    # A planned step would let it rest.
    deal.next_steps.all().delete()
    return deal


def customer_with_deal(responsible, **fields):
    customer = make_tidy_customer(responsible)
    for name, value in fields.items():
        setattr(customer, name, value)
    customer.save()
    make_tidy_deal(responsible, customer=customer)
    return customer


# A rule, a record just outside of it and one just inside.
BOTH_SIDES = [
    ("no_customer", make_tidy_deal, lambda owner: make_tidy_deal(owner, customer=None)),
    ("no_amount", lambda owner: make_tidy_deal(owner, amount=0), lambda owner: make_tidy_deal(owner, amount=None)),
    ("no_close_date", make_tidy_deal, lambda owner: make_tidy_deal(owner, expected_close=None)),
    ("no_decider", make_tidy_deal, deal_without_decider),
    ("no_owner", make_tidy_deal, lambda owner: _ownerless(make_tidy_deal(owner))),
    (
        "close_past",
        lambda owner: make_tidy_deal(owner, expected_close=date(2026, 11, 21)),
        lambda owner: make_tidy_deal(owner, expected_close=date(2026, 11, 20)),
    ),
    ("stale", lambda owner: deal_since(owner, 20, 30), lambda owner: deal_since(owner, 21, 21)),
    ("stale", lambda owner: deal_since(owner, 40, 20), lambda owner: deal_since(owner, 21)),
    ("no_next_step", lambda owner: deal_with_step(owner, 0), deal_without_step),
    ("step_overdue", lambda owner: deal_with_step(owner, 0), lambda owner: deal_with_step(owner, -1)),
    ("lead_no_way", lambda owner: tidy_lead(owner, phone="", email="a@b.example"), lambda o: tidy_lead(o, phone="")),
    ("lead_no_source", tidy_lead, lambda owner: tidy_lead(owner, source="")),
    ("no_owner", tidy_lead, lambda owner: tidy_lead(None)),
    (
        "lead_unanswered",
        lambda owner: tidy_lead(owner, captured_at=MIDNIGHT),
        lambda owner: tidy_lead(owner, captured_at=YESTERDAY),
    ),
    ("no_next_step", lambda owner: contacted_lead(owner, 0), contacted_lead),
    ("step_overdue", lambda owner: contacted_lead(owner, 0), lambda owner: contacted_lead(owner, -1)),
    ("customer_no_phone", customer_with_deal, lambda owner: customer_with_deal(owner, phone="")),
    ("no_owner", customer_with_deal, lambda owner: customer_with_deal(owner, owner=None)),
]


# What is stale has no step planned; with one it would only rest.
COMES_WITH = {"stale": ["no_next_step"]}


def _ownerless(deal):
    deal.owner = None
    deal.save()
    return deal


@pytest.mark.parametrize(("rule", "outside", "inside"), BOTH_SIDES)
def test_rule_from_both_sides_and_night_equals_badge(rule, outside, inside, sara, today):
    fine, broken = outside(sara), inside(sara)
    assert rule not in [found.name for found in record_issues(fine, today)]
    assert [found.name for found in record_issues(broken, today)] == [*COMES_WITH.get(rule, []), rule]

    scoring.score_tenant(today=today)
    for record in (fine, broken):
        stored = Issue.objects.filter(**{_field(record): record}).values_list("rule", flat=True)
        assert sorted(stored) == sorted(found.name for found in record_issues(record, today))


def _field(record):
    return {"Opportunity": "opportunity", "Lead": "lead", "Customer": "customer"}[type(record).__name__]


@pytest.mark.parametrize(
    ("until", "broken"), [(date(2026, 11, 22), []), (date(2026, 11, 21), ["no_next_step", "stale"])]
)
def test_a_snoozed_deal_is_neither_stale_nor_without_a_step_until_it_wakes(sara, today, until, broken):
    deal = deal_since(sara, 40)
    Opportunity.objects.filter(pk=deal.pk).update(snoozed_until=until, snoozed_because="تا بودجه")
    assert [found.name for found in record_issues(deal, today)] == broken


def test_a_planned_step_stops_the_rot_and_an_overdue_one_does_not(sara, today):
    deal = deal_since(sara, 40)
    step = make_next_step(sara, opportunity=deal, due_in=0)
    assert record_issues(deal, today) == []
    step.due_on = date(2026, 11, 20)
    step.save()
    assert [found.name for found in record_issues(deal, today)] == ["stale", "step_overdue"]


def test_every_rule_is_tested_from_both_sides():
    # The one for whatever else is asked depends on the firm; its tests stand at the end.
    assert {rule for rule, _outside, _inside in BOTH_SIDES} == set(Rule.values) - {Rule.ASKED_EMPTY}
    assert len(RULES) == 17


def test_deal_or_lead_that_breaks_everything_loses_exactly_everything():
    """Not both of: no close date and a past one, no step and an overdue one; a lead is new or contacted."""
    weights = {(rule.entity.value, rule.rule.value): rule.weight for rule in RULES}

    def together(entity, *without):
        return sum(points for (of, rule), points in weights.items() if of == entity and rule not in without)

    assert together("opportunity", "close_past", "step_overdue") == FULL
    assert together("lead", "no_next_step") == FULL
    assert together("lead", "lead_unanswered", "step_overdue") == 90
    assert together("customer") == 25


def test_talking_keeps_a_deal_fresh(sara, today):
    from crm.services import interaction

    deal = deal_since(sara, 60, 60)
    interaction.log(by=sara, kind=InteractionKind.CALL, sentence="زنگ زدم", opportunity=deal)
    assert [found.name for found in record_issues(deal, today)] == ["no_next_step"]


def test_rule_of_completeness_holds_only_where_the_field_is_asked(sara, today):
    deal = make_tidy_deal(sara, amount=None, expected_close=None)
    FieldRule.objects.filter(field="amount").delete()
    assert [found.name for found in record_issues(deal, today)] == ["no_close_date"]


def test_asked_from_a_stage_on(sara, today):
    first, second, *_rest = make_stages()
    FieldRule.objects.filter(field="amount").update(from_stage=second)
    early = make_tidy_deal(sara, amount=None, stage=first)
    late = make_tidy_deal(sara, amount=None, stage=second)
    assert record_issues(early, today) == []
    assert [found.name for found in record_issues(late, today)] == ["no_amount"]
    scoring.score_tenant(today=today)
    assert list(Issue.objects.values_list("opportunity", flat=True)) == [late.pk]


def test_rule_names_the_key_decision_that_its_field_feeds(nader, today):
    FieldRule.objects.all().delete()
    forecast = make_key_decision(nader, slot=3, name="پیش‌بینی فصل")
    ask(Entity.OPPORTUNITY, "amount", serves=forecast)
    rules = {rule.name: rule for rule in active_rules(today)[Entity.OPPORTUNITY]}
    assert rules["no_amount"].serves == forecast
    assert rules["stale"].serves is None
    assert "no_customer" not in rules
    assert rules["no_amount"].definition.dimension == Dimension.COMPLETENESS


def test_interaction_of_a_lead_answers_it(sara, today):
    lead = tidy_lead(sara, captured_at=YESTERDAY, status=LeadStatus.CONTACTED)
    make_interaction(sara, lead=lead)
    assert [found.name for found in record_issues(lead, today)] == ["no_next_step"]


def test_customer_without_open_deal_is_not_judged(sara, today):
    customer = make_customer(owner=None)
    assert record_issues(customer, today) == []
    assert scoring.score_tenant(today=today).records == 0


def test_whatever_else_is_asked_shares_one_rule(sara, nader, today):
    FieldRule.objects.all().delete()
    size = make_own_field("Size", entity=Entity.OPPORTUNITY)
    first, second, *_rest = make_stages()
    ask(Entity.OPPORTUNITY, size.name, from_stage=second)
    ask(Entity.CUSTOMER, "sector")
    ask(Entity.CUSTOMER, "service_owner")
    early, late = make_tidy_deal(sara, stage=first), make_tidy_deal(sara, stage=second)
    full = make_tidy_deal(sara, stage=second, custom={size.key: "بزرگ"})
    found = [[issue.name for issue in record_issues(deal, today)] for deal in (early, late, full)]
    assert found == [[], ["asked_empty"], []]
    customer = late.customer
    assert customer
    rule = record_issues(customer, today)[0]
    assert (rule.name, plain(rule, customer)) == ("asked_empty", "Still missing: Sector, Service owner")
    customer.sector, customer.service_owner = "فولاد", nader
    customer.save()
    assert record_issues(customer, today) == []
    scoring.score_tenant(today=today)
    assert Issue.objects.filter(rule="asked_empty", opportunity=late, weight=10).count() == 1


def test_completeness_never_costs_more_than_it_may(sara, today):
    size = make_own_field("Size", entity=Entity.OPPORTUNITY)
    ask(Entity.OPPORTUNITY, size.name)
    deal = make_opportunity(customer=None, owner=None, stage_since=date(2026, 1, 1))
    rules = active_rules(today)[Entity.OPPORTUNITY]
    parts = {one.value: loss(rules, one) for one in Dimension}
    lost = judged(Entity.OPPORTUNITY).annotate(**parts).values(*parts).get(pk=deal.pk)
    assert lost == {"completeness": 65, "freshness": 15, "next_step": 20}


def test_the_form_asks_for_what_is_empty_and_takes_a_part(sara, today):
    ask(Entity.CUSTOMER, "sector")
    ask(Entity.CUSTOMER, "city")
    customer, other = make_tidy_deal(sara).customer, make_tidy_deal(sara).customer
    assert customer
    assert other
    customer.city = "یزد"
    rule = next(rule for rule in record_issues(other, today) if rule.name == "asked_empty")
    assert list(form_for(rule, customer, today, sara).fields) == ["sector"]
    assert not form_for(rule, customer, today, sara, {"sector": " "}).is_valid()
    form = form_for(rule, customer, today, sara, {"sector": "فولاد"})
    assert form.is_valid()
    customer.save()
    fixing.apply(rule=rule, record=customer, values=form.cleaned_data, by=sara, today=today)
    customer.refresh_from_db()
    assert (customer.sector, record_issues(customer, today)) == ("فولاد", [])
