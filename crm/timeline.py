"""What happened with a record, newest first: interactions, changes and finished steps in one list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from crm.models import Change, ChangeField, Customer, Interaction, Lead, NextStep, Opportunity
from l10n import formats

STEP = 15
ICONS = {"call": "phone", "meeting": "people", "visit": "visit", "message": "message", "email": "mail", "note": "note"}


@dataclass(frozen=True)
class Event:
    at: datetime
    icon: str
    title: str
    by: str
    tone: str = ""
    old: str = ""
    new: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Timeline:
    """`next_shown` is how many to ask for to see more; 0 when this is all."""

    events: list[Event]
    next_shown: int


def of_deal(deal: Opportunity, shown: int = STEP) -> Timeline:
    return _newest(
        shown,
        map(of_interaction, _latest(Interaction.objects.filter(opportunity=deal), shown)),
        map(of_change, _latest_changes(Change.objects.filter(opportunity=deal), shown)),
        map(of_step, _finished(NextStep.objects.filter(opportunity=deal), shown)),
    )


def of_customer(customer: Customer, shown: int = STEP) -> Timeline:
    interactions = Interaction.objects.filter(customer=customer).select_related("opportunity")
    changes = Change.objects.filter(opportunity__customer=customer, field__in=(ChangeField.STAGE, ChangeField.CREATED))
    return _newest(
        shown,
        (of_interaction(one, deal=True) for one in _latest(interactions, shown)),
        (of_change(change, deal=True) for change in _latest_changes(changes.select_related("opportunity"), shown)),
        map(of_step, _finished(NextStep.objects.filter(customer=customer), shown)),
    )


def of_lead(lead: Lead, shown: int = STEP) -> Timeline:
    return _newest(
        shown,
        map(of_interaction, _latest(Interaction.objects.filter(lead=lead), shown)),
        map(of_step, _finished(NextStep.objects.filter(lead=lead), shown)),
    )


def _newest(shown: int, *sources: Iterable[Event]) -> Timeline:
    # Each source brings one more than shown, so the merged list is right and says whether there is more.
    events = sorted((event for source in sources for event in source), key=lambda event: event.at, reverse=True)
    return Timeline(list(islice(events, shown)), shown + STEP if len(events) > shown else 0)


def _latest(interactions: QuerySet[Interaction], shown: int) -> QuerySet[Interaction]:
    return interactions.select_related("by", "contact").order_by("-happened_at", "-pk")[: shown + 1]


def _latest_changes(changes: QuerySet[Change], shown: int) -> QuerySet[Change]:
    return changes.select_related("by").order_by("-at", "-pk")[: shown + 1]


def _finished(steps: QuerySet[NextStep], shown: int) -> QuerySet[NextStep]:
    finished = steps.filter(Q(done_at__isnull=False) | Q(dropped_at__isnull=False))
    by_time = finished.annotate(ended_at=Coalesce(F("done_at"), F("dropped_at"))).order_by("-ended_at", "-pk")
    return by_time.select_related("done_by", "owner")[: shown + 1]


def of_interaction(interaction: Interaction, *, deal: bool = False) -> Event:
    about = interaction.opportunity if deal else None
    with_whom = _("with %(name)s") % {"name": interaction.contact} if interaction.contact else ""
    return Event(
        at=interaction.happened_at,
        icon=ICONS[interaction.kind],
        title=interaction.sentence,
        by=interaction.by.name,
        tone="act",
        note=" · ".join(filter(None, (interaction.get_kind_display(), with_whom, about.title if about else ""))),
        url=about.get_absolute_url() if about else "",
    )


def of_change(change: Change, *, deal: bool = False) -> Event:
    created = change.field == ChangeField.CREATED
    about = change.opportunity if deal else None
    notes = (change.new_label if created else "", about.title if about else "")
    return Event(
        at=change.at,
        icon="plus" if created else "deals" if change.field == ChangeField.STAGE else "edit",
        title=_("Deal opened") if created else str(change.get_field_display()),
        by=change.by.name,
        old="" if created else readable(change.field, change.old, change.old_label),
        new="" if created else readable(change.field, change.new, change.new_label),
        note=" · ".join(filter(None, notes)),
        url=about.get_absolute_url() if about else "",
    )


def of_step(step: NextStep) -> Event:
    at = step.done_at or step.dropped_at
    assert at
    if step.done_at:
        return Event(at, "check", step.what, step.done_by.name if step.done_by else "", note=_("Next step done"))
    note = _("Next step dropped")
    return Event(at, "x", step.what, step.owner.name, note=f"{note}: {step.dropped_because}".removesuffix(": "))


def readable(field: str, value: str, label: str) -> str:
    """A canonical value of the change log the way the pages write it."""
    if not value:
        return "—"
    if field == ChangeField.AMOUNT:
        return formats.money(Decimal(value))
    if field == ChangeField.EXPECTED_CLOSE:
        return formats.day(date.fromisoformat(value))
    return label
