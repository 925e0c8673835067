"""The history of a record, field by field: who, when, through which door, and what it said before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from crm.fields import catalog
from crm.fields import values as fields
from crm.fields.catalog import CUSTOM
from crm.kinds import Record, kind_of
from crm.models import Batch, Change, CustomField, Edit, Entity, Opportunity, RecordKind, Via
from crm.record_access import may_change
from crm.screens.words import info_of, label_of, text_of
from members.models import User

SHOWN = 40
# They follow from something else, or have a door of their own.
NOT_RESTORED = {
    "deleted_at",
    "lost_reason",
    "status",
    "state",
    "outcome",
    "satisfaction",
    "snoozed_until",
    "snoozed_because",
}
# Said by the state already.
SILENT = {"done_at"}
# An edit and the change of the deal it made are written in one transaction.
SAME_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True)
class FieldChange:
    name: str
    label: str
    old: str
    new: str
    may_restore: bool


@dataclass(frozen=True)
class Entry:
    edit: Edit
    changes: list[FieldChange]
    meeting_id: int | None = None

    @property
    def batch(self) -> Batch | None:
        return self.edit.batch

    @property
    def is_plain(self) -> bool:
        return self.edit.via == Via.FORM


@dataclass(frozen=True)
class HistoryScreen:
    record: Record
    kind: RecordKind
    entries: list[Entry]
    # The id to go on from; 0 when this is all.
    older: int


def history_screen(user: User, record: Record, *, before: int = 0) -> HistoryScreen:
    """The newest edits first; `before` goes on after the last one seen. A fixed number of queries."""
    kind = kind_of(record)
    rows = Edit.objects.filter(entity=kind, record_id=record.pk).select_related("by", "batch").order_by("-pk")
    edits = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    shown = edits[:SHOWN]
    words = Words(record, shown)
    meetings = _meetings(record, shown)
    changeable = may_change(user, record)
    entries = [Entry(edit, words.changes(edit, changeable), meetings.get(edit.pk)) for edit in shown]
    return HistoryScreen(record, kind, entries, shown[-1].pk if len(edits) > SHOWN else 0)


def restorable(record: Record, name: str) -> bool:
    return name not in NOT_RESTORED | SILENT and not (
        name.startswith(CUSTOM) and info_of(kind_of(record), name) is None
    )


class Words:
    """How the fields and values of some edits of one record are called. One query for each kind of row they name."""

    def __init__(self, record: Record, edits: Iterable[Edit]) -> None:
        self.record = record
        self.kind = kind_of(record)
        edits = list(edits)
        known = catalog.fields_of(self.kind.value) if self.kind.value in Entity.values else ()
        self.order = {info.name: place for place, info in enumerate(known)}
        self.names = self._names(edits)
        self.retired = self._retired({name for edit in edits for name in edit.values})

    def changes(self, edit: Edit, changeable: bool) -> list[FieldChange]:
        return [
            FieldChange(
                name,
                self.label(name),
                self.value(name, old),
                self.value(name, new),
                changeable and restorable(self.record, name) and fields.to_json(fields.get(self.record, name)) != old,
            )
            for name, (old, new) in sorted(edit.values.items(), key=self._place)
            if name not in SILENT
        ]

    def _place(self, changed: tuple[str, Any]) -> tuple[int, str]:
        """Fields stand in their usual order."""
        return self.order.get(changed[0], len(self.order)), changed[0]

    def label(self, name: str) -> str:
        if name == "deleted_at":
            return _("Bin")
        return self.retired.get(name) or label_of(self.record, name)

    def value(self, name: str, value: Any) -> str:
        """A canonical value the way this firm writes it."""
        if name == "deleted_at":
            return _("in the bin") if value else _("in use")
        if value in fields.EMPTY:
            return "—"
        if (target := _target(self.record, name)) is not None:
            return self.names.get((target, value), f"#{value}")
        return text_of(self.record, name, value)

    def _names(self, edits: Iterable[Edit]) -> dict[tuple[type[Model], Any], str]:
        wanted: dict[type[Model], set[Any]] = defaultdict(set)
        for edit in edits:
            for name, both in edit.values.items():
                if (target := _target(self.record, name)) is not None:
                    wanted[target] |= {value for value in both if value not in fields.EMPTY}
        return {(model, row.pk): str(row) for model, ids in wanted.items() for row in _rows(model, ids)}

    def _retired(self, names: Iterable[str]) -> dict[str, str]:
        """Labels of own fields that are in use no more."""
        keys = [name.removeprefix(CUSTOM) for name in names if name.startswith(CUSTOM) and not info_of(self.kind, name)]
        if not keys:
            return {}
        rows = CustomField.objects.filter(entity=self.kind, key__in=keys)
        return {row.name: row.label for row in rows}


def _rows(model: type[Model], ids: Iterable[Any]) -> Sequence[Model]:
    return list(model._base_manager.filter(pk__in=list(ids)))


def _column(record: Record, name: str) -> Any:
    return None if name.startswith(CUSTOM) else record._meta.get_field(name)


def _target(record: Record, name: str) -> type[Model] | None:
    column = _column(record, name)
    return column.related_model if isinstance(column, ForeignKey) else None


def _meetings(record: Record, edits: Sequence[Edit]) -> Mapping[int, int]:
    """By edit, the meeting that it was made in: the change of the deal written with it knows."""
    made = [edit for edit in edits if edit.via == Via.MEETING]
    if not made or not isinstance(record, Opportunity):
        return {}
    span = (made[-1].at - SAME_MOMENT, made[0].at + SAME_MOMENT)
    rows = list(Change.objects.filter(opportunity=record, meeting_id__isnull=False, at__range=span))
    near = {edit.pk: [row for row in rows if abs(row.at - edit.at) <= SAME_MOMENT] for edit in made}
    return {pk: found[0].meeting_id for pk, found in near.items() if found and found[0].meeting_id}
