"""What a record lacks, why that is asked, and who sees it."""

import pytest

from charter.models import KeyDecision
from crm.fields import asked
from crm.models import Asking, Entity, FieldRule, Stage
from tenants.models import Tenant, Visibility
from tests.factories.crm import make_contact, make_customer, make_lead, make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


def ask(field: str, entity: Entity = Entity.OPPORTUNITY, from_stage: Stage | None = None) -> FieldRule:
    slot = FieldRule.objects.filter(entity=entity).count() + 1
    serves = KeyDecision.objects.get(slot=1)
    return FieldRule.objects.create(entity=entity, field=field, slot=slot, from_stage=from_stage, serves=serves)


def labels(record: object) -> list[str]:
    return [why.label for why in asked.missing(record)]


def test_only_what_is_asked_and_empty_is_missing(stages: list[Stage]) -> None:
    ask("source", Entity.LEAD)
    ask("phone", Entity.LEAD)
    lead = make_lead(source="وب")
    assert labels(lead) == ["Phone"]
    why = asked.missing(lead)[0]
    assert (why.feeds, why.url, why.note) == ("پیش‌بینی فروش فصل", "/fields/lead/phone/why/", "")


def test_a_rule_asks_from_its_stage_on_and_a_need_from_the_beginning(stages: list[Stage]) -> None:
    ask("amount", from_stage=stages[2])
    need(stages[3], "expected_close")
    early, late = make_opportunity(stage=stages[0]), make_opportunity(stage=stages[2])
    assert (labels(early), labels(late)) == (["Expected close"], ["Amount", "Expected close"])
    assert [why.note for why in asked.missing(late)] == [
        "Asked from “پیشنهاد” on.", "No deal enters “مذاکره” without it.",
    ]  # fmt: skip


def test_who_decides_is_asked_once_there_is_a_customer(stages: list[Stage]) -> None:
    ask("decider")
    customer = make_customer()
    assert labels(make_opportunity(customer=None)) == []
    deal = make_opportunity(customer=customer)
    assert labels(deal) == ["Who decides"]
    make_contact(customer, decides=True)
    assert labels(deal) == []


def test_the_rule_of_a_field_that_is_gone_asks_for_nothing(stages: list[Stage]) -> None:
    ask("custom.gone", Entity.CUSTOMER)
    assert labels(make_customer()) == []


@pytest.mark.parametrize(
    ("visibility", "words"),
    [(Visibility.ALL, "Everybody"), (Visibility.TEAM, "Your team"), (Visibility.OWN, "You, your manager")],
)
def test_who_sees_follows_the_firms_setting(visibility: str, words: str, acme: Tenant) -> None:
    acme.visibility = visibility
    assert asked.who_sees().startswith(words)


def test_needed_says_so_in_the_rule(stages: list[Stage]) -> None:
    need(stages[1], "amount")
    rule = asked.rules_of(Entity.OPPORTUNITY)["amount"]
    assert (rule.mode, rule.from_stage) == (Asking.NEEDED, stages[1])
