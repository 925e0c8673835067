"""Two people edit one record. The edits written since a form was opened tell what the other one changed.

Every edit counts the version up by one, so the newest (version now − version seen) edits are those since.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.fields import values as fields
from crm.kinds import Record, kind_of
from crm.models import Edit


@dataclass(frozen=True)
class Touch:
    """Who changed a field last, and when. Nobody is named when it left no edit."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Merge:
    """`values` are to be written; `conflicts` both sides changed; `theirs` only somebody else did."""

    values: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Touch] = field(default_factory=dict)
    theirs: dict[str, Touch] = field(default_factory=dict)


def merge(
    record: Record, values: Mapping[str, Any], *, seen: int, settled: Collection[str] = (), settled_at: int = 0
) -> Merge:
    """Puts what somebody typed on version `seen` together with what stands in the record now. At most one query.

    `settled` are fields for which the user has chosen at version `settled_at`; they are asked again when somebody
    touched them after that.
    """
    if record.version == seen:
        return Merge(dict(values))
    edits = _since(record, seen)
    was: dict[str, Any] = {}
    touches: dict[str, Touch] = {}
    for edit in edits:
        for name, (old, _new) in edit.values.items():
            was[name] = old
            touches.setdefault(name, Touch(edit.by.name, edit.at))
    touched_again = {name for edit in edits[: record.version - settled_at] for name in edit.values}
    is_complete = len(edits) == record.version - seen
    unknown = Touch("", record.updated_at)
    merged = Merge()
    for name, value in values.items():
        now = fields.get(record, name)
        touch = touches.get(name) or (None if is_complete or same(now, value) else unknown)
        if touch is None:
            merged.values[name] = value
        elif name in was and same(was[name], value):
            if not same(was[name], now):
                merged.theirs[name] = touch
        elif same(now, value) or (name in settled and name not in touched_again):
            merged.values[name] = value
        else:
            merged.conflicts[name] = touch
    return merged


def same(one: Any, other: Any) -> bool:
    """Whether two values, or their JSON, say the same; null and "" do."""
    return bool(_plain(one) == _plain(other))


def _since(record: Record, seen: int) -> list[Edit]:
    newest = Edit.objects.filter(entity=kind_of(record), record_id=record.pk).select_related("by").order_by("-pk")
    return list(newest[: max(record.version - seen, 0)])


def _plain(value: Any) -> Any:
    if value in fields.EMPTY:
        return None
    try:
        return fields.to_json(value)
    except TypeError:
        # A record that is yet to be made equals nothing.
        return value
