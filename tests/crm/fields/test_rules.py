"""Asking for a field: seven at most, each for a key decision, each change with its reason and the marks behind it."""

import pytest
from django.db import IntegrityError, transaction

from charter.models import KeyDecision
from crm.fields import marks, rules
from crm.fields.errors import AlreadyAsked, BudgetSpent, CannotGuard
from crm.fields.needs import missing_from, needs_of
from crm.models import Asking, Entity, FieldMark, FieldRule, FormChange, MarkKind, Stage
from members.models import User
from tests.factories.charter import make_key_decision
from tests.factories.crm import make_stages, need

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


@pytest.fixture
def forecast(stages: list[Stage]) -> KeyDecision:
    return KeyDecision.objects.get(slot=1)


def fill_budget(serves: KeyDecision) -> list[FieldRule]:
    return [
        FieldRule.objects.create(entity=Entity.LEAD, field=f"f{slot}", slot=slot, serves=serves) for slot in range(1, 8)
    ]


def test_asking_takes_the_lowest_free_slot_and_is_written_down(forecast: KeyDecision, admin: User) -> None:
    kept = [rules.ask(entity=Entity.LEAD, field=name, serves=forecast, by=admin, reason="لازم است") for name in "ab"]
    rules.stop(kept[0], by=admin, reason="به کار نیامد")
    again = rules.ask(entity=Entity.LEAD, field="phone", serves=forecast, by=admin, reason="تماس")
    assert (again.slot, again.mode, again.from_stage) == (1, Asking.ASKED, None)
    assert [(c.field, c.label, c.what, c.reason, c.by) for c in FormChange.objects.all()[:2]] == [
        ("phone", "Phone", "asked, for “پیش‌بینی فروش فصل”", "تماس", admin),
        ("a", "a", "no longer asked", "به کار نیامد", admin),
    ]


def test_the_seventh_is_taken_and_the_eighth_wants_room(forecast: KeyDecision, admin: User) -> None:
    seven = fill_budget(forecast)
    seven[6].delete()
    assert rules.ask(entity=Entity.LEAD, field="email", serves=forecast, by=admin, reason="x").slot == 7
    with pytest.raises(BudgetSpent):
        rules.ask(entity=Entity.LEAD, field="company", serves=forecast, by=admin, reason="x")
    swapped = rules.ask(entity=Entity.LEAD, field="company", serves=forecast, by=admin, reason="x", instead_of=seven[2])
    assert swapped.slot == 3
    assert set(FieldRule.objects.values_list("field", flat=True)) == {"f1", "f2", "f4", "f5", "f6", "email", "company"}


def test_the_budget_is_per_entity(forecast: KeyDecision, admin: User) -> None:
    fill_budget(forecast)
    assert rules.ask(entity=Entity.CUSTOMER, field="phone", serves=forecast, by=admin, reason="x").slot == 1


def test_a_field_is_asked_once(forecast: KeyDecision, admin: User) -> None:
    rules.ask(entity=Entity.LEAD, field="phone", serves=forecast, by=admin, reason="x")
    with pytest.raises(AlreadyAsked):
        rules.ask(entity=Entity.LEAD, field="phone", serves=forecast, by=admin, reason="x")


@pytest.mark.parametrize(
    ("entity", "field", "stage"),
    [
        ("lead", "phone", 2),
        ("opportunity", "decider", 2),
        ("opportunity", "amount", None),
        ("opportunity", "amount", 5),
    ],
)
def test_only_a_deals_own_field_guards_and_never_losing(
    entity: str, field: str, stage: int | None, stages: list[Stage], forecast: KeyDecision, admin: User
) -> None:
    with pytest.raises(CannotGuard):
        rules.ask(
            entity=entity, field=field, serves=forecast, by=admin, reason="x", mode=Asking.NEEDED,
            from_stage=None if stage is None else stages[stage],
        )  # fmt: skip
    assert not FieldRule.objects.exists()
    assert not FormChange.objects.exists()


def test_a_need_holds_from_its_stage_on_and_not_for_losing(stages: list[Stage]) -> None:
    need(stages[1], "amount")
    need(stages[3], "customer")
    assert [needs_of(stage) for stage in stages] == [
        [], ["amount"], ["amount"], ["amount", "customer"], ["amount", "customer"], [],
    ]  # fmt: skip
    assert missing_from({"amount": 0, "customer": None}, stages[3]) == ["customer"]


def test_every_deal_begins_in_the_first_stage(stages: list[Stage]) -> None:
    need(stages[0], "amount")
    assert [needs_of(stage) for stage in stages] == [[], ["amount"], ["amount"], ["amount"], ["amount"], []]


def test_changing_says_what_and_why(stages: list[Stage], forecast: KeyDecision, admin: User) -> None:
    rule = rules.ask(entity="opportunity", field="amount", serves=forecast, by=admin, reason="x")
    focus = KeyDecision.objects.get(slot=2)
    rules.change(rule, serves=focus, mode=Asking.NEEDED, from_stage=stages[2], by=admin, reason="بدون آن نمی‌شود")
    assert needs_of(stages[2]) == ["amount"]
    change = FormChange.objects.first()
    assert change is not None
    assert (change.what, change.reason) == ("needed from “پیشنهاد” on, for “تمرکز فروشنده‌ها”", "بدون آن نمی‌شود")


def test_marks_go_into_the_change_that_answers_them(forecast: KeyDecision, admin: User, sara: User, reza: User) -> None:
    rule = rules.ask(entity=Entity.LEAD, field="source", serves=forecast, by=admin, reason="x")
    for user, kind in ((sara, "useless"), (reza, "useless"), (reza, "slow")):
        assert marks.toggle(entity=Entity.LEAD, field="source", kind=kind, by=user)
    assert marks.toggle(entity=Entity.LEAD, field="phone", kind=MarkKind.UNCLEAR, by=sara)
    assert marks.counts() == {("lead", "source"): {"useless": 2, "slow": 1}, ("lead", "phone"): {"unclear": 1}}
    rules.stop(rule, by=admin, reason="کسی نمی‌خواهد")
    assert [change.marks for change in FormChange.objects.all()] == [{"useless": 2, "slow": 1}, {}]
    assert [(mark.field, mark.by) for mark in FieldMark.objects.all()] == [("phone", sara)]


def test_a_mark_is_taken_back_by_its_user_only(sara: User, reza: User) -> None:
    for user in (sara, reza):
        marks.toggle(entity=Entity.LEAD, field="source", kind=MarkKind.SLOW, by=user)
    assert not marks.toggle(entity=Entity.LEAD, field="source", kind=MarkKind.SLOW, by=sara)
    assert (marks.marks_of(sara, "lead", "source"), marks.marks_of(reza, "lead", "source")) == (set(), {"slow"})


def test_a_change_is_written_once(forecast: KeyDecision, admin: User) -> None:
    rules.ask(entity=Entity.LEAD, field="phone", serves=forecast, by=admin, reason="x")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        FormChange.objects.update(reason="y")


def test_a_change_without_a_reason_is_refused(forecast: KeyDecision, admin: User) -> None:
    with pytest.raises(IntegrityError, match="form_change_has_reason"), transaction.atomic():
        rules.ask(entity=Entity.LEAD, field="phone", serves=forecast, by=admin, reason="")


def test_a_key_decision_that_is_served_is_not_deleted(forecast: KeyDecision, admin: User) -> None:
    other = make_key_decision(admin, 3)
    rules.ask(entity=Entity.LEAD, field="phone", serves=other, by=admin, reason="x")
    with pytest.raises(IntegrityError):
        other.delete()
