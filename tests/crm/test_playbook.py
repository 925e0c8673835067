"""A playbook in an empty workspace."""

import pytest

from charter.models import KeyDecision
from crm.fields import asking, rules
from crm.fields.needs import needs_of
from crm.models import Asking, FieldRule, LeadCategory, LostReason, Stage, StageKind
from crm.services import playbook
from members.models import User
from tests.factories.crm import install_playbook, make_stages

pytestmark = pytest.mark.django_db


def test_b2b_in_persian(admin: User) -> None:
    playbook.install(playbook="b2b", language="fa", admin=admin)
    assert [(s.name, s.probability, needs_of(s)) for s in Stage.objects.all()] == [
        ("شناسایی", 10, []),
        ("نیازسنجی", 25, []),
        ("پیشنهاد", 50, ["amount"]),
        ("مذاکره", 75, ["amount", "expected_close"]),
        ("برنده", 100, ["amount", "expected_close"]),
        ("بازنده", 0, []),
    ]
    assert [(k.slot, k.name, k.owner) for k in KeyDecision.objects.all()] == [
        (1, "پیش‌بینی فروش فصل", admin),
        (2, "تمرکز فروشنده‌ها", admin),
    ]
    decider = FieldRule.objects.get(entity="opportunity", field="decider")
    assert (decider.slot, decider.from_stage_id, decider.serves.slot) == (4, Stage.objects.get(position=3).pk, 2)


@pytest.mark.parametrize("name", ["b2b", "b2c", "retention"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_playbook_has_one_won_one_lost_and_two_or_three_key_decisions(
    name: str, language: str, admin: User
) -> None:
    playbook.install(playbook=name, language=language, admin=admin)
    kinds = list(Stage.objects.values_list("kind", flat=True))
    assert kinds.count(StageKind.WON) == kinds.count(StageKind.LOST) == 1
    assert kinds.count(StageKind.OPEN) >= 3
    assert 2 <= KeyDecision.objects.count() <= 3


@pytest.mark.parametrize("name", ["b2b", "b2c", "retention"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_playbook_is_whole(name: str, language: str, admin: User) -> None:
    playbook.install(playbook=name, language=language, admin=admin)
    plan = playbook.readable(playbook.read(name, language))
    assert all(stage.meaning for stage in Stage.objects.all())
    for rule in FieldRule.objects.all():
        assert asking.info(rule.entity, rule.field) is not None
        if rule.mode == Asking.NEEDED:
            rules.check_guard(rule.entity, rule.field, rule.mode, rule.from_stage)
    assert LeadCategory.objects.filter(is_default=True, sources=[]).count() == 1
    assert 5 <= LostReason.objects.count() <= 8
    assert [bool(plan["about"][key]) for key in ("summary", "danger", "counter")] == [True] * 3
    assert len(plan["kpis"]) == 4
    assert all(kpi["definition"] and kpi["better"] in ("higher", "lower") for kpi in plan["kpis"])


def test_texts_and_lists_are_of_one_language(admin: User) -> None:
    playbook.install(playbook="b2c", language="en", admin=admin)
    first = LeadCategory.objects.earliest("position")
    assert (first.name, first.sources, first.respond_within, first.assignment, first.on_breach) == (
        "Web form and calls", ["Website", "Phone", "Chat"], 30, "rotation", "next",
    )  # fmt: skip
    assert list(LostReason.objects.values_list("name", flat=True))[:2] == ["Price", "Bought elsewhere"]
    assert {rule.field: rule.mode for rule in FieldRule.objects.filter(entity="opportunity")} == {
        "customer": "asked", "amount": "needed", "expected_close": "asked",
    }  # fmt: skip


def test_unknown_playbook_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        playbook.read("b2z", "fa")


def test_factories_lay_stages_once() -> None:
    first = make_stages()
    assert [s.pk for s in install_playbook()] == [s.pk for s in first]
    assert [needs_of(s) for s in make_stages()] == [[], [], [], [], [], []]
