"""What happened with a record, each kind as one line of a timeline."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.models import (
    Attachment,
    Case,
    Change,
    ChangeField,
    Conversion,
    HandoverNote,
    Interaction,
    NextStep,
)
from l10n import formats

ICONS = {"call": "phone", "meeting": "people", "visit": "visit", "message": "message", "email": "mail", "note": "note"}


@dataclass(frozen=True)
class Event:
    """`rank` and `pk` tell events of one moment apart: what kind of row it is, and which."""

    at: datetime
    icon: str
    title: str
    by: str
    tone: str = ""
    old: str = ""
    new: str = ""
    note: str = ""
    url: str = ""
    rank: int = 0
    pk: int = 0


def _noted(*notes: str) -> str:
    return " · ".join(filter(None, notes))


def of_interaction(interaction: Interaction, *, deal: bool = False) -> Event:
    about = interaction.opportunity if deal else None
    with_whom = _("with %(name)s") % {"name": interaction.contact} if interaction.contact else ""
    return Event(
        at=interaction.happened_at,
        icon=ICONS[interaction.kind],
        title=interaction.sentence,
        by=interaction.by.name,
        tone="act",
        note=_noted(str(interaction.get_kind_display()), with_whom, about.title if about else ""),
        url=about.get_absolute_url() if about else "",
    )


def of_change(change: Change, *, deal: bool = False) -> Event:
    created = change.field == ChangeField.CREATED
    about = change.opportunity if deal else None
    return Event(
        at=change.at,
        icon="plus" if created else "deals" if change.field == ChangeField.STAGE else "edit",
        title=_("Deal opened") if created else str(change.get_field_display()),
        by=change.by.name,
        old="" if created else readable(change.field, change.old, change.old_label),
        new="" if created else readable(change.field, change.new, change.new_label),
        note=_noted(change.new_label if created else "", about.title if about else ""),
        url=about.get_absolute_url() if about else "",
    )


def of_planned(step: NextStep) -> Event:
    due = _("Next step planned for %(day)s") % {"day": formats.day_short(step.due_on)}
    return Event(step.created_at, "calendar-plus", step.what, step.created_by.name, note=due)


def of_step(step: NextStep) -> Event:
    at = step.done_at or step.dropped_at
    assert at
    if step.done_at:
        return Event(at, "check", step.what, step.done_by.name if step.done_by else "", note=_("Next step done"))
    note = _("Next step dropped")
    return Event(at, "x", step.what, step.owner.name, note=f"{note}: {step.dropped_because}".removesuffix(": "))


def of_conversion(conversion: Conversion) -> Event:
    deal = conversion.opportunity
    title = _("The lead became a deal") if conversion.undone_at is None else _("The lead became a deal (taken back)")
    return Event(conversion.at, "deals", title, conversion.by.name, note=deal.title, url=deal.get_absolute_url())


def of_case(case: Case) -> Event:
    note = _noted(str(case.get_kind_display()), str(case.get_state_display()), case.outcome)
    by = case.created_by.name if case.created_by else ""
    return Event(case.opened_at, "inbox", case.subject, by, note=note, url=case.get_absolute_url())


def of_file(file: Attachment) -> Event:
    return Event(file.at, "file", file.name, file.by.name, note=_("File"), url=file.get_absolute_url())


def of_note(note: HandoverNote) -> Event:
    hand = note.handover
    whom = hand.taker.name if hand.taker else _("the queue")
    said = _("Handed over from %(giver)s to %(taker)s") % {"giver": hand.giver.name, "taker": whom}
    return Event(hand.at, "delegate", note.text, hand.by.name, note=said)


def of_edit(at: datetime, by: str, changes: list[Any], note: str) -> Event:
    """`changes` are of `crm.screens.history`; several are named, one says what it was and is."""
    if len(changes) == 1:
        one = changes[0]
        return Event(at, "edit", one.label, by, old=one.old, new=one.new, note=note)
    labels = " · ".join(one.label for one in changes)
    return Event(at, "edit", labels, by, note=_noted(_("changed"), note))


def readable(field: str, value: str, label: str) -> str:
    """A canonical value of the change log the way the pages write it."""
    if not value:
        return "—"
    if field == ChangeField.AMOUNT:
        return formats.money(Decimal(value))
    if field == ChangeField.EXPECTED_CLOSE:
        return formats.day(date.fromisoformat(value))
    return label
