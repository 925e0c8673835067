"""Saving a form over a record that others edit too: what does not overlap is merged, what does is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.errors import Stale
from crm.forms.base import RecordForm
from crm.kinds import Record
from crm.picking import NewRecord
from crm.screens.words import label_of, text_of
from crm.services.merging import Merge, merge
from members.http import MemberRequest

ATTEMPTS = 3
Write = Callable[[dict[str, Any], int | None], object]


@dataclass(frozen=True)
class Difference:
    """One field that two people changed, both values side by side."""

    name: str
    label: str
    mine: str
    theirs: str
    by: str
    at: datetime
    keeps_theirs: bool

    @property
    def choice(self) -> str:
        """The name of the choice in the form."""
        return f"keep.{self.name}"


@dataclass(frozen=True)
class Conflict:
    version: int
    differences: list[Difference]


@dataclass(frozen=True)
class Outcome:
    """Saved, with a word about it; or not, with what has to be chosen."""

    said: str = ""
    conflict: Conflict | None = None

    @property
    def is_saved(self) -> bool:
        return self.conflict is None


def save(request: MemberRequest, form: RecordForm[Any], record: Any, write: Write) -> Outcome:
    """Writes the values of a valid form by `write(values, version)`, which may raise Stale.

    With a conflict nothing is written and the form has an error; the page shows `outcome.conflict` in the form.
    """
    values = form.values()
    if form.seen_version is None:
        write(values, None)
        return Outcome(_("Saved."))
    kept = {name for name in values if request.POST.get(f"keep.{name}") == "theirs"}
    settled = {name for name in values if f"keep.{name}" in request.POST}
    for _attempt in range(ATTEMPTS):
        merged = merge(record, values, seen=form.seen_version, settled=settled, settled_at=_settled_at(request))
        if merged.conflicts:
            break
        try:
            write({name: value for name, value in merged.values.items() if name not in kept}, record.version)
        except Stale as stale:
            record = stale.record
        else:
            return Outcome(_said(record, merged))
    form.add_error(None, _("Somebody else changed this while you were writing. Choose which value stays."))
    return Outcome(conflict=_conflict(request, record, values, merged))


def _settled_at(request: MemberRequest) -> int:
    typed = request.POST.get("settled_at", "")
    return int(typed) if typed.isascii() and typed.isdecimal() else 0


def _said(record: Record, merged: Merge) -> str:
    if not merged.theirs:
        return _("Saved.")
    changed = ", ".join(f"{label_of(record, name)} ({touch.by})" for name, touch in merged.theirs.items())
    return _("Saved. Changed by others meanwhile, and kept: %(fields)s.") % {"fields": changed}


def _conflict(request: MemberRequest, record: Any, values: dict[str, Any], merged: Merge) -> Conflict:
    differences = [
        Difference(
            name,
            label_of(record, name),
            _mine(record, name, values[name]),
            text_of(record, name),
            touch.by,
            touch.at,
            request.POST.get(f"keep.{name}") == "theirs",
        )
        for name, touch in merged.conflicts.items()
    ]
    return Conflict(record.version, differences)


def _mine(record: Record, name: str, value: Any) -> str:
    return value.name if isinstance(value, NewRecord) else text_of(record, name, value)
