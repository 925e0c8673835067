"""Empties the bin of what has lain there for thirty days.

A deal that a decision, an action or an agenda names is kept, out of sight: what was decided stays readable. So is its
customer. History that a living record shares with a purged one stays with the living one.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from crm.kinds import MODELS
from crm.models import Attachment, Case, Contact, Edit, Interaction, Lead, NextStep, Opportunity, RecordKind
from crm.services.bin import KEPT

AT_ONCE = 1000
# These rooms' rows about a record go with it; other rooms' rows keep it.
OWN_ROOMS = {"crm", "dataquality"}
LINKS = {RecordKind.LEAD: "lead", RecordKind.OPPORTUNITY: "opportunity", RecordKind.CASE: "case"}
HANG_ON = {"customer", "lead", "opportunity"}


@transaction.atomic
def purge(*, now: datetime) -> dict[RecordKind, int]:
    """Deletes what was thrown away more than thirty days before `now`; returns how many, by kind. Safe to repeat."""
    old = now - KEPT
    with connection.cursor() as cursor:
        # The triggers of append-only tables let the rows of an erasure go.
        cursor.execute("SET LOCAL tasmim.erasing = 'on'")
    order = (RecordKind.LEAD, RecordKind.CASE, RecordKind.CONTACT, RecordKind.OPPORTUNITY, RecordKind.CUSTOMER)
    counts = {kind: sum(_delete(kind, ids) for ids in _portions(_due(kind, old))) for kind in order}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL tasmim.erasing = 'off'")
    return counts


def _due(kind: RecordKind, old: datetime) -> QuerySet[Model]:
    rows: QuerySet[Model] = MODELS[kind].with_binned.filter(deleted_at__lt=old).order_by()
    if kind == RecordKind.OPPORTUNITY:
        return rows.exclude(_named_elsewhere())
    if kind == RecordKind.CUSTOMER:
        left = (Opportunity.with_binned, Lead.with_binned, Contact.objects, Case.objects)
        for manager in left:
            rows = rows.exclude(Exists(manager.filter(customer=OuterRef("pk"))))
    return rows


def _named_elsewhere() -> Q:
    named = Q(pk=None)
    for relation in Opportunity._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and model._meta.app_label not in OWN_ROOMS:
            named |= Q(Exists(model._base_manager.filter(**{relation.field.name: OuterRef("pk")})))
    return named


def _portions(rows: QuerySet[Model]) -> Iterator[list[int]]:
    while ids := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        yield ids


def _delete(kind: RecordKind, ids: list[int]) -> int:
    if kind == RecordKind.OPPORTUNITY:
        Lead.with_binned.filter(opportunity__in=ids).update(opportunity=None)
    if kind in LINKS:
        _detach(LINKS[kind], ids)
    MODELS[kind].with_binned.filter(pk__in=ids).delete()
    Edit.objects.filter(entity=kind, record_id__in=ids).delete()
    return len(ids)


def _detach(link: str, ids: list[int]) -> None:
    """Leaves interactions, steps and files with the other records they hang on."""
    gone = Q(**{f"{link}__in": ids})
    for model in (Interaction, NextStep, Attachment):
        names = {field.name for field in model._meta.concrete_fields}
        if link not in names:
            continue
        others = (names & (HANG_ON | ({"case"} if model is Attachment else set()))) - {link}
        hangs = Q(pk=None)
        for other in others:
            hangs |= Q(**{f"{other}__isnull": False})
        rows: QuerySet[Model] = model._base_manager.filter(gone)
        rows.filter(hangs).update(**{link: None})
        if model is not Attachment and link in HANG_ON:
            rows.delete()
