"""What users think of a field, and the changes of forms that follow from it."""

from collections import Counter

from django.db import IntegrityError, transaction

from crm.models import Entity, FieldMark, FormChange, MarkKind
from members.models import User
from tenants import clock

Marks = dict[str, int]


def toggle(*, entity: Entity | str, field: str, kind: MarkKind | str, by: User, note: str = "") -> bool:
    """Sets a user's mark on a field, or takes it back. Tells whether it stands now."""
    mine = FieldMark.objects.filter(entity=entity, field=field, kind=kind, by=by)
    if mine.delete()[0]:
        return False
    try:
        with transaction.atomic():
            FieldMark.objects.create(entity=entity, field=field, kind=kind, by=by, note=note, at=clock.now())
    except IntegrityError:
        pass  # pressed twice at the same moment: it stands
    return True


def marks_of(user: User, entity: Entity | str, field: str) -> set[str]:
    """The kinds of mark that the user has set."""
    return set(FieldMark.objects.filter(entity=entity, field=field, by=user).values_list("kind", flat=True))


def counts() -> dict[tuple[str, str], Marks]:
    """{(entity, field): {kind: how many users}} in one query."""
    found: dict[tuple[str, str], Marks] = {}
    for entity, field, kind in FieldMark.objects.order_by().values_list("entity", "field", "kind"):
        marks = found.setdefault((entity, field), {})
        marks[kind] = marks.get(kind, 0) + 1
    return found


def record_change(*, entity: Entity | str, field: str, label: str, what: str, reason: str, by: User) -> FormChange:
    """Writes a change of a form down with the marks behind it. These are answered by it and go."""
    marks = FieldMark.objects.select_for_update().filter(entity=entity, field=field).order_by("pk")
    behind = Counter(mark.kind for mark in marks)
    marks.delete()
    return FormChange.objects.create(
        entity=entity,
        field=field,
        label=label[:80],
        what=what[:200],
        reason=reason,
        marks=behind,
        at=clock.now(),
        by=by,
    )
