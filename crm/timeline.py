"""What happened with a record, newest first: rows of many tables in one list, read a part at a time.

Each source is asked for what lies after the cursor only, so the last part is as fast as the first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Func, IntegerField, JSONField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm import access, events
from crm.events import Event as Event
from crm.events import of_interaction as of_interaction
from crm.kinds import kind_of
from crm.models import (
    Attachment,
    ChangeField,
    Conversion,
    Customer,
    Edit,
    HandoverNote,
    Lead,
    NextStep,
    Opportunity,
    Via,
)
from crm.screens.history import Words
from members.models import User

STEP = 15
# The words of the address, and how the filter calls them.
KINDS: Final[dict[str, StrOrPromise]] = {
    "contact": _("Interactions"),
    "change": _("Changes"),
    "step": _("Steps"),
    "case": _("Requests"),
    "file": _("Files"),
}
# The change log of a deal tells these.
TOLD_BY_CHANGES = (*ChangeField.values, "lost_reason")


@dataclass(frozen=True, order=True)
class Cursor:
    """The place of an event: of two at the same moment, the one of the higher rank and id comes first."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.rank}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what is no cursor: then the timeline begins at its beginning."""
        try:
            at, rank, pk = text.split("~")
            moment = datetime.fromisoformat(at)
            return cls(moment, int(rank), int(pk)) if moment.tzinfo else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Source:
    """Rows of one kind; `at` is the column of their moment, `lines` makes an event of each."""

    kind: str
    rows: QuerySet[Any]
    at: str
    lines: Callable[[list[Any]], Iterable[Event]]


def _each(event: Callable[..., Event], **about: bool) -> Callable[[list[Any]], Iterable[Event]]:
    return lambda rows: [event(row, **about) for row in rows]


@dataclass(frozen=True)
class Timeline:
    """`older` is the cursor to go on from, "" when this is all."""

    events: list[Event]
    older: str = ""
    kind: str = ""

    @property
    def tabs(self) -> Iterable[tuple[str, StrOrPromise]]:
        return KINDS.items()


def of_deal(user: User, deal: Opportunity, *, kind: str = "", before: str = "", size: int = STEP) -> Timeline:
    # What is planned stands above the timeline of a deal; here is what came of it.
    _planned, ended = _steps(NextStep.objects.filter(opportunity=deal))
    return _merged(
        [
            Source(
                "contact",
                _talks(access.interactions(user).filter(opportunity=deal)),
                "happened_at",
                _each(of_interaction),
            ),
            Source("change", deal.changes.select_related("by"), "at", _each(events.of_change)),
            ended,
            _edits(deal, TOLD_BY_CHANGES),
            Source("case", _cases(user).filter(opportunity=deal), "opened_at", _each(events.of_case)),
            Source("file", _files(user).filter(opportunity=deal), "at", _each(events.of_file)),
        ],
        kind,
        before,
        size,
    )


def of_customer(user: User, customer: Customer, *, kind: str = "", before: str = "", size: int = STEP) -> Timeline:
    """With what happened on the customer's deals, as far as the user sees them."""
    talks = _talks(access.interactions(user).filter(customer=customer)).select_related("opportunity")
    moves = access.changes(user).filter(
        opportunity__customer=customer, field__in=(ChangeField.STAGE, ChangeField.CREATED)
    )
    notes = HandoverNote.objects.filter(customer=customer).annotate(at=F("handover__at"))
    return _merged(
        [
            Source("contact", talks, "happened_at", _each(of_interaction, deal=True)),
            Source(
                "change",
                moves.select_related("by", "opportunity"),
                "at",
                _each(events.of_change, deal=True),
            ),
            *_steps(access.next_steps(user).filter(customer=customer)),
            _edits(customer),
            Source(
                "change",
                _conversions().filter(customer=customer, opportunity__in=access.opportunities(user)),
                "at",
                _each(events.of_conversion),
            ),
            Source("case", _cases(user).filter(customer=customer), "opened_at", _each(events.of_case)),
            Source("file", _files(user).filter(customer=customer), "at", _each(events.of_file)),
            Source(
                "change",
                notes.select_related("handover__giver", "handover__taker", "handover__by"),
                "at",
                _each(events.of_note),
            ),
        ],
        kind,
        before,
        size,
    )


def of_lead(user: User, lead: Lead, *, kind: str = "", before: str = "", size: int = STEP) -> Timeline:
    return _merged(
        [
            Source(
                "contact", _talks(access.interactions(user).filter(lead=lead)), "happened_at", _each(of_interaction)
            ),
            *_steps(NextStep.objects.filter(lead=lead)),
            _edits(lead),
            Source("change", _conversions().filter(lead=lead), "at", _each(events.of_conversion)),
            Source("file", _files(user).filter(lead=lead), "at", _each(events.of_file)),
        ],
        kind,
        before,
        size,
    )


def _merged(sources: list[Source], kind: str, before: str, size: int) -> Timeline:
    """First the places of what is shown, all sources in one query; then the rows of the sources that have something."""
    kind = kind if kind in KINDS else ""
    cursor = Cursor.read(before) if before else None
    chosen = {rank: source for rank, source in enumerate(sources) if kind in ("", source.kind)}
    places = _places(chosen, cursor, size + 1)
    found: list[Event] = []
    for rank, source in chosen.items():
        ids = [place.pk for place in places[:size] if place.rank == rank]
        rows = list(source.rows.filter(pk__in=ids)) if ids else []
        found += (replace(event, rank=rank, pk=row.pk) for row, event in zip(rows, source.lines(rows), strict=True))
    found.sort(key=_place, reverse=True)
    return Timeline(found, str(places[size - 1]) if len(places) > size else "", kind)


def _places(sources: Mapping[int, Source], cursor: Cursor | None, size: int) -> list[Cursor]:
    """Each source brings as many as are wanted, so the merged list is right. Newest first."""
    parts = [
        _after(source, rank, cursor)
        .annotate(moment=F(source.at), rank=Value(rank, IntegerField()))
        .values_list("moment", "rank", "pk")[:size]
        for rank, source in sources.items()
    ]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return sorted((Cursor(*row) for row in rows), reverse=True)[:size]


def _place(event: Event) -> Cursor:
    return Cursor(event.at, event.rank, event.pk)


def _after(source: Source, rank: int, cursor: Cursor | None) -> QuerySet[Any]:
    rows = source.rows.order_by(f"-{source.at}", "-pk")
    if cursor is None:
        return rows
    earlier = Q(**{f"{source.at}__lt": cursor.at})
    if rank < cursor.rank:
        earlier = Q(**{f"{source.at}__lte": cursor.at})
    elif rank == cursor.rank:
        earlier |= Q(**{source.at: cursor.at, "pk__lt": cursor.pk})
    return rows.filter(earlier)


def _talks(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("by", "contact")


def _steps(steps: QuerySet[NextStep]) -> list[Source]:
    ended = steps.filter(Q(done_at__isnull=False) | Q(dropped_at__isnull=False))
    by_end = ended.annotate(ended_at=Coalesce(F("done_at"), F("dropped_at"))).select_related("done_by", "owner")
    return [
        Source("step", steps.select_related("created_by"), "created_at", _each(events.of_planned)),
        Source("step", by_end, "ended_at", _each(events.of_step)),
    ]


def _cases(user: User) -> QuerySet[Any]:
    return access.cases(user).select_related("created_by")


def _files(user: User) -> QuerySet[Attachment]:
    return access.attachments(user).select_related("by")


def _conversions() -> QuerySet[Conversion]:
    return Conversion.objects.select_related("by", "opportunity")


def _edits(record: Customer | Lead | Opportunity, told: Collection[str] = ()) -> Source:
    """The changed fields of a save are one line, without those that are `told` by other lines."""
    rows = Edit.objects.filter(entity=kind_of(record), record_id=record.pk).select_related("by")
    if told:
        rows = rows.alias(rest=_without(told)).exclude(rest={})

    def lines(edits: list[Edit]) -> Iterable[Event]:
        words = Words(record, edits)
        for edit in edits:
            changes = [one for one in words.changes(edit, False) if one.name not in told]
            via = "" if edit.via == Via.FORM else str(edit.get_via_display())
            yield events.of_edit(edit.at, edit.by.name, changes, via)

    return Source("change", rows, "at", lines)


def _without(names: Collection[str]) -> Func:
    """The values of an edit less these fields."""
    return Func(
        F("values"),
        Value(list(names)),
        template="(%(expressions)s::text[])",
        arg_joiner=" - ",
        output_field=JSONField(),
    )
