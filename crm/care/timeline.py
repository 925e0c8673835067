"""What happened with a case, newest first: what was said, what changed, which files came."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm import access
from crm.models import Attachment, Case, CaseKind, CaseState, Contact, Edit, RecordKind
from crm.timeline import Event, of_interaction
from l10n import formats
from members.models import User

Names = Mapping[str, Mapping[int, str]]
# What a change of state says already, and what no reader asks for.
SILENT = {"done_at", "outcome", "deleted_at"}


def of_case(user: User, case: Case) -> list[Event]:
    """All of it, in at most six queries: a case is talked about a few times, not hundreds.

    A deal that the user does not see stays nameless.
    """
    edits = list(Edit.objects.filter(entity=RecordKind.CASE, record_id=case.pk).select_related("by"))
    names = _names(user, edits)
    # Of two at the same moment the one further up in this list counts as the later.
    events = [
        *(of_interaction(one) for one in case.interactions.select_related("by", "contact")),
        *(of_file(file) for file in case.attachments.select_related("by")),
        *(event for edit in edits for event in of_edit(edit, names)),
        _opened(case),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def of_file(attachment: Attachment) -> Event:
    return Event(
        at=attachment.at,
        icon="file",
        title=attachment.name,
        by=attachment.by.name,
        note=_("File"),
        url=attachment.get_absolute_url(),
    )


def of_edit(edit: Edit, names: Names) -> list[Event]:
    changed = {name: change for name, change in edit.values.items() if name not in SILENT}
    return [_change(edit, name, old, new, names) for name, (old, new) in changed.items()]


def _opened(case: Case) -> Event:
    title = _("Complaint came in") if case.kind == CaseKind.COMPLAINT else _("Request came in")
    by = case.created_by.name if case.created_by else ""
    return Event(case.opened_at, "inbox", title, by, tone="bad" if case.kind == CaseKind.COMPLAINT else "act")


def _change(edit: Edit, name: str, old: Any, new: Any, names: Names) -> Event:
    if name == "state":
        return _state(edit, old, new)
    label = str(Case._meta.get_field(name).verbose_name) if name in LABELLED else _("Own field")  # type: ignore[union-attr]
    return Event(
        edit.at, "edit", label.capitalize(), edit.by.name, old=_shown(name, old, names), new=_shown(name, new, names)
    )


def _state(edit: Edit, old: str, new: str) -> Event:
    titles = {
        CaseState.WAITING: ("clock", _("Waiting for the customer"), ""),
        CaseState.DONE: ("check", _("Finished"), "act"),
        CaseState.OPEN: ("undo", _("Open again") if old == CaseState.DONE else _("Taken up again"), ""),
    }
    icon, title, tone = titles[CaseState(new)]
    outcome = edit.values.get("outcome", ["", ""])[1] or ""
    return Event(edit.at, icon, title, edit.by.name, tone=tone, note=outcome)


LABELLED = {"kind", "subject", "owner", "due_on", "contact", "opportunity", "satisfaction"}
LINKED = ("owner", "contact", "opportunity")


def _shown(name: str, value: Any, names: Names) -> str:
    if value in (None, ""):
        return "—"
    if name in LINKED:
        return names[name].get(value, "—")
    if name == "kind":
        return str(CaseKind(value).label)
    if name == "due_on":
        return formats.day(date.fromisoformat(value))
    if name == "satisfaction":
        return _("%(mark)s of 5") % {"mark": formats.num(value)}
    return str(value)


def _names(user: User, edits: Iterable[Edit]) -> Names:
    """What the ids in these edits are called: one query for each kind of row that occurs."""
    wanted: dict[str, set[int]] = {name: set() for name in LINKED}
    for edit in edits:
        for name in wanted.keys() & edit.values.keys():
            wanted[name] |= {pk for pk in edit.values[name] if pk}
    rows: dict[str, Any] = {
        "owner": User.objects,
        "contact": Contact.with_binned,
        "opportunity": access.opportunities(user),
    }
    return {
        name: {row.pk: str(row) for row in rows[name].filter(pk__in=ids)} if ids else {} for name, ids in wanted.items()
    }
