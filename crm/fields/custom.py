"""The firm's own fields: five live ones per entity, each for a key decision."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from charter.models import KeyDecision
from crm.fields import catalog, marks, rules
from crm.fields.errors import LabelTaken, NeedsChoices, SlotsTaken
from crm.models import CustomField, CustomKind, Entity, FieldRule
from crm.models.custom_field import CUSTOM_SLOTS
from members.models import User

KEY_LENGTH = 20


@transaction.atomic
def add(
    *,
    entity: Entity | str,
    label: str,
    kind: CustomKind | str,
    serves: KeyDecision,
    by: User,
    reason: str,
    choices: Sequence[str] = (),
    instead_of: CustomField | None = None,
) -> CustomField:
    """Adds a field. With `instead_of`, that one is retired first.

    Raises SlotsTaken when five are live, also when two people add at once; LabelTaken; NeedsChoices.
    """
    if instead_of:
        retire(instead_of, by=by, reason=reason)
    _check(entity, label, kind, choices)
    field = CustomField(entity=entity, label=label, kind=kind, choices=list(choices), serves=serves)
    _in_free_slot(field)
    _record(field, _("added, for “%(decision)s”") % {"decision": serves.name}, by=by, reason=reason)
    return field


@transaction.atomic
def change(
    field: CustomField, *, label: str, serves: KeyDecision, by: User, reason: str, choices: Sequence[str] = ()
) -> None:
    """Renames a field, or changes its choices or decision; key and kind stay, and so do the values.

    Raises LabelTaken and NeedsChoices.
    """
    _check(field.entity, label, field.kind, choices, but=field)
    what = _("changed, for “%(decision)s”") % {"decision": serves.name}
    if label != field.label:
        what = _("renamed from “%(label)s”") % {"label": field.label}
    field.label, field.serves = label, serves
    field.choices = list(choices) if field.kind == CustomKind.CHOICE else []
    field.save(update_fields=["label", "serves", "choices"])
    _record(field, what, by=by, reason=reason)


@transaction.atomic
def retire(field: CustomField, *, by: User, reason: str) -> None:
    """Takes a field out of forms, lists and files, and out of what is asked. Its values stay in the records."""
    for rule in FieldRule.objects.filter(entity=field.entity, field=field.name):
        rules.stop(rule, by=by, reason=reason)
    field.slot = None
    field.save(update_fields=["slot"])
    _record(field, _("retired"), by=by, reason=reason)


def live(entity: Entity | str) -> list[CustomField]:
    return [field for field in catalog.custom_fields() if field.entity == entity]


def _check(
    entity: Entity | str, label: str, kind: str, choices: Sequence[str], *, but: CustomField | None = None
) -> None:
    if kind == CustomKind.CHOICE and len(set(choices)) < 2:
        raise NeedsChoices
    others = [info for info in catalog.fields_of(entity) if but is None or info.name != but.name]
    if label in {str(info.label) for info in others}:
        raise LabelTaken


def _in_free_slot(field: CustomField) -> None:
    everyone = CustomField.objects.filter(entity=field.entity)
    for _attempt in range(CUSTOM_SLOTS):
        taken = set(everyone.filter(slot__isnull=False).values_list("slot", flat=True))
        free = [slot for slot in range(1, CUSTOM_SLOTS + 1) if slot not in taken]
        if not free:
            raise SlotsTaken
        field.slot, field.key = free[0], _free_key(field.label, set(everyone.values_list("key", flat=True)))
        try:
            with transaction.atomic():
                field.save(force_insert=True)
        except IntegrityError:
            continue  # somebody took this slot or key meanwhile
        return
    raise SlotsTaken


def _free_key(label: str, taken: set[str]) -> str:
    """Readable where the label is Latin; never one of a retired field, whose values still stand in the records."""
    stem = slugify(label).replace("-", "_")[:KEY_LENGTH].strip("_") or "field"
    numbers = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbers) if key not in taken)


def _record(field: CustomField, what: str, *, by: User, reason: str) -> None:
    marks.record_change(entity=field.entity, field=field.name, label=field.label, what=what, reason=reason, by=by)
    catalog.forget()
