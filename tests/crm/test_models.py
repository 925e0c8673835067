"""What the database refuses, and the nearest thing that it lets in."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from charter.models import KeyDecision
from crm.models import Change, Contact, Customer, FieldRule, Interaction, Lead, NextStep, Opportunity, Stage
from crm.services import opportunity as opportunities
from members.models import User
from tenants import clock
from tests.factories.charter import make_key_decision
from tests.factories.crm import (
    a_stage,
    an_admin,
    make_contact,
    make_customer,
    make_interaction,
    make_lead,
    make_next_step,
    make_opportunity,
    make_stages,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def refused(name: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("make", "field", "constraint"),
    [
        (make_customer, "name", "customer_has_name"),
        (make_contact, "name", "contact_has_name"),
        (make_lead, "name", "lead_has_name"),
        (make_opportunity, "title", "opportunity_has_title"),
    ],
)
def test_records_have_names(make: Callable[[], Model], field: str, constraint: str) -> None:
    row = make()
    model: Any = type(row)
    refused(constraint, lambda: model.objects.filter(pk=row.pk).update(**{field: ""}))
    assert model.objects.filter(pk=row.pk).update(**{field: "x"}) == 1


def test_an_interaction_has_a_sentence_and_hangs_on_something(sara: User) -> None:
    rows = Interaction.objects.filter(pk=make_interaction(sara).pk)
    refused("interaction_has_sentence", lambda: rows.update(sentence=""))
    refused("interaction_hangs_on_something", lambda: rows.update(customer=None))
    assert rows.update(customer=None, lead=make_lead()) == 1
    assert rows.update(lead=None, opportunity=make_opportunity(customer=None)) == 1


def test_an_interaction_is_logged_when_or_after_it_happened(sara: User) -> None:
    rows = Interaction.objects.filter(pk=make_interaction(sara).pk)
    later = clock.now() + timedelta(seconds=1)
    refused("interaction_logged_afterwards", lambda: rows.update(happened_at=later))
    assert rows.update(happened_at=clock.now()) == 1


def test_a_step_has_words_and_hangs_on_something(sara: User) -> None:
    rows = NextStep.objects.filter(pk=make_next_step(sara).pk)
    refused("next_step_has_what", lambda: rows.update(what=""))
    refused("next_step_hangs_on_something", lambda: rows.update(customer=None))


def test_a_step_is_done_by_somebody_and_not_also_dropped(sara: User) -> None:
    rows = NextStep.objects.filter(pk=make_next_step(sara).pk)
    refused("next_step_done_at_and_by", lambda: rows.update(done_at=clock.now()))
    refused("next_step_done_at_and_by", lambda: rows.update(done_by=sara))
    assert rows.update(done_at=clock.now(), done_by=sara) == 1
    refused("next_step_done_or_dropped", lambda: rows.update(dropped_at=clock.now()))


def test_a_deal_is_closed_with_a_day_and_open_without() -> None:
    rows = Opportunity.objects.filter(pk=make_opportunity().pk)
    refused("opportunity_closed_has_day", lambda: rows.update(is_open=False))
    refused("opportunity_closed_has_day", lambda: rows.update(closed_on=TODAY))
    assert rows.update(is_open=False, closed_on=TODAY) == 1


def test_amounts_are_not_negative_and_may_be_huge() -> None:
    rows = Opportunity.objects.filter(pk=make_opportunity().pk)
    refused("opportunity_amount_not_negative", lambda: rows.update(amount=Decimal("-0.01")))
    assert rows.update(amount=Decimal("999999999999999999.99")) == 1
    assert rows.update(amount=Decimal(0)) == 1


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (make_customer, "customer_external_id_once"),
        (make_lead, "lead_external_id_once"),
        (make_opportunity, "opportunity_external_id_once"),
    ],
)
def test_imported_ids_are_unique_and_the_empty_one_is_not(make: Callable[..., Model], constraint: str) -> None:
    make(external_id="A1")
    refused(constraint, lambda: make(external_id="A1"))
    make(external_id="")
    make(external_id="")


def test_a_converted_lead_names_its_customer() -> None:
    rows = Lead.objects.filter(pk=make_lead().pk)
    refused("lead_converted_has_customer", lambda: rows.update(status="converted"))
    assert rows.update(status="converted", customer=make_customer()) == 1


def test_a_stage_is_well_formed() -> None:
    rows = Stage.objects.filter(pk=a_stage().pk)
    refused("stage_probability_percent", lambda: rows.update(probability=101))
    refused("stage_stale_after_positive", lambda: rows.update(stale_after=0))
    assert rows.update(probability=100, stale_after=1) == 1


@pytest.mark.parametrize(("kind", "constraint"), [("won", "stage_one_won"), ("lost", "stage_one_lost")])
def test_one_stage_wins_and_one_loses(kind: str, constraint: str) -> None:
    make_stages()
    refused(constraint, lambda: Stage.objects.create(name="دیگر", position=9, kind=kind))
    assert Stage.objects.create(name="دیگر", position=9, kind="open").pk


def test_field_rules_are_seven_and_each_once() -> None:
    serves = make_key_decision(an_admin())

    def ask(entity: str, field: str, slot: int) -> FieldRule:
        return FieldRule.objects.create(entity=entity, field=field, slot=slot, serves=serves)

    for slot in range(1, 8):
        ask("lead", f"f{slot}", slot)
    refused("field_rule_budget", lambda: ask("lead", "f8", 8))
    refused("field_rule_slot_once", lambda: ask("lead", "f8", 7))
    refused("field_rule_once", lambda: ask("lead", "f1", 7))
    assert ask("customer", "f1", 7).pk


def test_a_field_is_not_asked_for_nothing() -> None:
    with pytest.raises(IntegrityError, match="serves_id"), transaction.atomic():
        FieldRule.objects.create(entity="lead", field="source", slot=1)


def test_changes_are_written_once(sara: User) -> None:
    make_stages()
    deal = opportunities.create(title="خط", by=sara, today=TODAY)
    change = Change.objects.filter(opportunity=deal)
    refused("append-only", lambda: change.update(new="9"))
    refused("append-only", change.delete)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL tasmim.erasing = 'on'")
    assert change.delete()[0] == 1


def test_key_decisions_have_three_places(admin: User) -> None:
    for slot in (1, 2, 3):
        make_key_decision(admin, slot)
    refused("key_decision_slot_1_to_3", lambda: make_key_decision(admin, 4))
    refused("key_decision_slot_1_to_3", lambda: make_key_decision(admin, 0))
    refused("charter_keydecision_slot_key", lambda: make_key_decision(admin, 3))


def test_a_key_decision_is_in_force_or_retired(admin: User) -> None:
    rows = KeyDecision.everything.filter(pk=make_key_decision(admin).pk)
    refused("key_decision_in_force_or_retired", lambda: rows.update(slot=None))
    refused("key_decision_in_force_or_retired", lambda: rows.update(retired_at=clock.now()))
    refused("key_decision_has_name", lambda: rows.update(name=""))
    assert rows.update(slot=None, retired_at=clock.now()) == 1
    assert (KeyDecision.objects.count(), KeyDecision.everything.count()) == (0, 1)


def test_search_and_order_follow_the_name() -> None:
    for name in ("پارس", "آبان", "ابر", "2 برادر", "Beta"):
        make_customer(name)
    assert [c.name for c in Customer.objects.all()] == ["2 برادر", "Beta", "آبان", "ابر", "پارس"]
    make_contact(Customer.objects.all()[0], "مُحمّد رضايي", phone="+989121234567")
    assert Contact.objects.get().search == "محمدرضایی|989121234567"
