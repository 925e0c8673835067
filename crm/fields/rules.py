"""Asking for a field, and ceasing to. Each change tells its reason and leaves a `FormChange`."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from charter.models import KeyDecision
from crm.fields import asked, asking, marks, needs
from crm.fields.errors import AlreadyAsked, BudgetSpent, CannotGuard
from crm.models import Asking, Entity, FieldRule, Stage, StageKind
from crm.models.field_rule import BUDGET
from members.models import User


@transaction.atomic
def ask(
    *,
    entity: Entity | str,
    field: str,
    serves: KeyDecision,
    by: User,
    reason: str,
    mode: Asking | str = Asking.ASKED,
    from_stage: Stage | None = None,
    instead_of: FieldRule | None = None,
) -> FieldRule:
    """Asks for a field of the catalog. With `instead_of`, that rule makes room.

    Raises BudgetSpent when seven are asked already, also when two people ask at once; AlreadyAsked; CannotGuard.
    """
    check_guard(entity, field, mode, from_stage)
    if instead_of:
        stop(instead_of, by=by, reason=reason)
    rule = _in_free_slot(FieldRule(entity=entity, field=field, serves=serves, mode=mode, from_stage=from_stage))
    _record(rule, _in_words(rule), by=by, reason=reason)
    return rule


@transaction.atomic
def change(
    rule: FieldRule, *, serves: KeyDecision, mode: Asking | str, from_stage: Stage | None, by: User, reason: str
) -> None:
    """Changes how hard a field is asked, from where on or for which decision. Raises CannotGuard."""
    check_guard(rule.entity, rule.field, mode, from_stage)
    rule.serves, rule.mode, rule.from_stage = serves, mode, from_stage
    rule.save(update_fields=["serves", "mode", "from_stage"])
    _record(rule, _in_words(rule), by=by, reason=reason)


@transaction.atomic
def stop(rule: FieldRule, *, by: User, reason: str) -> None:
    """The field becomes optional; what was entered stays."""
    _record(rule, _("no longer asked"), by=by, reason=reason)
    FieldRule.objects.filter(pk=rule.pk).delete()


def check_guard(entity: Entity | str, field: str, mode: Asking | str, from_stage: Stage | None) -> None:
    """Raises CannotGuard for a need that could not be met at the move."""
    if mode != Asking.NEEDED:
        return
    if not asking.can_guard(entity, field) or from_stage is None or from_stage.kind == StageKind.LOST:
        raise CannotGuard


def free_slots(entity: Entity | str) -> list[int]:
    taken = set(FieldRule.objects.filter(entity=entity).values_list("slot", flat=True))
    return [slot for slot in range(1, BUDGET + 1) if slot not in taken]


def _in_free_slot(rule: FieldRule) -> FieldRule:
    for _attempt in range(BUDGET):
        if not (free := free_slots(rule.entity)):
            raise BudgetSpent
        rule.slot = free[0]
        try:
            with transaction.atomic():
                rule.save(force_insert=True)
        except IntegrityError as error:
            if "field_rule_once" in str(error):
                raise AlreadyAsked from None
            continue  # somebody took this slot meanwhile
        return rule
    raise BudgetSpent


def _record(rule: FieldRule, what: str, *, by: User, reason: str) -> None:
    label = asking.label(rule.entity, rule.field)
    marks.record_change(entity=rule.entity, field=rule.field, label=label, what=what, reason=reason, by=by)
    needs.forget()
    asked.forget()


def _in_words(rule: FieldRule) -> str:
    words = {"decision": rule.serves.name, "stage": rule.from_stage.name if rule.from_stage else ""}
    if rule.mode == Asking.NEEDED:
        return _("needed from “%(stage)s” on, for “%(decision)s”") % words
    if rule.from_stage:
        return _("asked from “%(stage)s” on, for “%(decision)s”") % words
    return _("asked, for “%(decision)s”") % words
