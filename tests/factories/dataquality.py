"""Rows of data quality: asked fields, and deals, leads and customers that break a rule on purpose."""

from datetime import date
from typing import Any

from charter.models import KeyDecision
from crm.models import Customer, Entity, FieldRule, Opportunity, Stage
from dataquality.models import Issue, OwnerScore
from members.models import User
from tests.factories.charter import make_key_decision
from tests.factories.crm import TODAY, an_admin, make_contact, make_customer, make_next_step, make_opportunity

ASKED = {
    Entity.OPPORTUNITY: ("customer", "amount", "expected_close", "decider"),
    Entity.LEAD: ("phone", "source"),
    Entity.CUSTOMER: ("phone",),
}


def ask(entity: Entity, field: str, *, from_stage: Stage | None = None, serves: KeyDecision | None = None) -> FieldRule:
    slot = FieldRule.objects.filter(entity=entity).count() + 1
    serves = serves or KeyDecision.objects.first() or make_key_decision(an_admin())
    return FieldRule.objects.create(entity=entity, field=field, slot=slot, from_stage=from_stage, serves=serves)


def ask_everything(serves: KeyDecision | None = None) -> None:
    """Every field that a rule of completeness knows, in every stage."""
    for entity, fields in ASKED.items():
        for field in fields:
            ask(entity, field, serves=serves)


def make_tidy_customer(owner: User, /, name: str = "", **fields: Any) -> Customer:
    """Has a phone number and a contact who decides."""
    customer = make_customer(name, owner=owner, phone="+982188000000", **fields)
    make_contact(customer, decides=True)
    return customer


def make_tidy_deal(owner: User, /, title: str = "", **fields: Any) -> Opportunity:
    """A deal that breaks no rule on the tests' day; `fields` spoil it."""
    values: dict[str, Any] = {"amount": 1_000, "expected_close": date(2026, 12, 12), "owner": owner, **fields}
    if "customer" not in values:
        values["customer"] = make_tidy_customer(owner)
    deal = make_opportunity(title, **values)
    make_next_step(owner, opportunity=deal, due_in=30)
    return deal


def make_score(owner: User | None, day: date = TODAY, score: int = 80, **fields: Any) -> OwnerScore:
    values = {"records": 10, "open_issues": 3, "completeness": 90, "freshness": 95, "next_step": 95, **fields}
    return OwnerScore.objects.create(owner=owner, day=day, score=score, **values)


def make_issue(deal: Opportunity, rule: str = "no_amount", **fields: Any) -> Issue:
    values = {"weight": 15, "found_on": TODAY, "owner": deal.owner, **fields}
    return Issue.objects.create(rule=rule, opportunity=deal, **values)
