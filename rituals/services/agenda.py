"""Makes a meeting's agenda out of live data: promises, what changed, what needs a decision.

Every item is made from a source (`deal:12`), so building again changes, adds and takes away, but doubles nothing. What
a person added, what was put off to this meeting, and what has an outcome already stays.
"""

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from crm.fields import reading
from crm.models import Entity, Opportunity
from members.models import User
from okr.models import KeyResult
from okr.queries import off_track_key_results, standings
from pipeline.queries import flagged_open_deals, flags_of, needing_decision, what_changed
from rituals import facts, queries
from rituals.errors import AlreadySettled
from rituals.models import (
    ActionAppearance,
    ActionItem,
    AgendaItem,
    ItemKind,
    Meeting,
    MeetingState,
    RitualKind,
    Section,
)
from rituals.services import row
from rituals.services.action import reflect

AT_MOST = 7
# Minutes are shared out by these weights; the closing keeps its own share.
WEIGHTS = {
    ItemKind.ACTIONS: 3,
    ItemKind.CHANGES: 4,
    ItemKind.DEAL: 5,
    ItemKind.KEY_RESULT: 6,
    ItemKind.TOPIC: 5,
    ItemKind.REST: 0,
}
CLOSING = 5


@dataclass
class Draft:
    """An item as the data of this moment want it."""

    section: Section
    kind: ItemKind
    source_key: str
    title: str = ""
    needs_decision: bool = False
    opportunity: Opportunity | None = None
    key_result: KeyResult | None = None
    flags: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    rank: Decimal = Decimal(0)

    def put_on(self, item: AgendaItem) -> AgendaItem:
        for name in self.__dataclass_fields__:
            setattr(item, name, getattr(self, name))
        return item


@transaction.atomic
def build(meeting: Meeting, *, today: date, now: datetime, by: User | None = None) -> Meeting:
    """Brings the agenda of a meeting that has not begun up to date, and freezes its facts as of `now`.

    A scheduled meeting becomes `preparing`. Raises WrongState once the meeting runs.
    """
    locked = row.lock(meeting, *MeetingState.before())
    since = _since(locked)
    present = {item.source_key: item for item in locked.items.select_related("deferred_from")}
    drafts = {draft.source_key: draft for draft in _drafts(locked, present, today=today, since=since, now=now)}
    unwanted = [item.pk for key, item in present.items() if key not in drafts and _may_go(item)]
    AgendaItem.objects.filter(pk__in=unwanted).delete()
    items = [item for item in present.values() if item.pk not in unwanted]
    for key, draft in drafts.items():
        if key not in present:
            items.append(draft.put_on(AgendaItem(meeting=locked)))
        elif present[key].is_open:
            draft.put_on(present[key])
    _arrange(items, locked.ritual.minutes)
    _store(items)
    if any(draft.opportunity for draft in drafts.values()):
        reading.note(Entity.OPPORTUNITY, facts.FIELDS_READ, reader="agenda", at=now)
    locked.as_of = now
    if locked.state == MeetingState.SCHEDULED:
        row.move(locked, MeetingState.PREPARING, "as_of", by=by)
    else:
        row.save(locked, "as_of")
    row.refresh(meeting, locked)
    return meeting


@transaction.atomic
def add_topic(meeting: Meeting, *, title: str, by: User) -> AgendaItem:
    """Puts a subject of one's own on the agenda, before or in the meeting. Raises WrongState from wrap-up on."""
    locked = row.lock(meeting, *MeetingState.before(), MeetingState.RUNNING)
    source = f"topic:{secrets.token_hex(8)}"
    item = _append(locked, Draft(Section.OTHER, ItemKind.TOPIC, source, title, needs_decision=True), by=by)
    row.refresh(meeting, locked)
    return item


@transaction.atomic
def add_deal(meeting: Meeting, *, opportunity: Opportunity, by: User, today: date) -> AgendaItem:
    """Brings a deal in that found no room. Raises AlreadySettled if it is on the agenda, WrongState as `add_topic`."""
    locked = row.lock(meeting, *MeetingState.before(), MeetingState.RUNNING)
    if locked.items.filter(source_key=f"deal:{opportunity.pk}").exists():
        raise AlreadySettled
    [draft] = _deal_drafts(list(flagged_open_deals(today).filter(pk=opportunity.pk)))
    item = _append(locked, draft, by=by)
    row.refresh(meeting, locked)
    return item


def carry_child(item: AgendaItem, *, to: Meeting) -> AgendaItem:
    """The item again, in a meeting that has not begun; one that the agenda has already from its own data is used."""
    source = item.source_key if item.kind != ItemKind.TOPIC else f"carried:{item.pk}"
    child, _created = AgendaItem.objects.get_or_create(
        meeting=to,
        source_key=source,
        defaults={
            "position": 1,
            "section": item.section,
            "kind": item.kind,
            "title": item.title,
            "needs_decision": True,
            "opportunity_id": item.opportunity_id,
            "key_result_id": item.key_result_id,
            "flags": item.flags,
            "facts": item.facts,
            "rank": item.rank,
        },
    )
    child.deferred_from, child.times_deferred = item, item.times_deferred + 1
    child.save(update_fields=["deferred_from", "times_deferred"])
    return child


def _drafts(
    meeting: Meeting, present: dict[str, AgendaItem], *, today: date, since: datetime, now: datetime
) -> Iterator[Draft]:
    reflect(meeting)
    if _show_promises(meeting, since):
        yield Draft(Section.ACTIONS, ItemKind.ACTIONS, "actions")
    if meeting.ritual.kind == RitualKind.OKR:
        yield from _key_result_drafts(present, today)
    else:
        yield from _pipeline_drafts(meeting, present, today=today, since=since, now=now)


def _show_promises(meeting: Meeting, since: datetime) -> int:
    """One appearance for each promise; those settled since the last meeting come with their answer."""
    promises: list[ActionItem] = list(queries.promises_for(meeting, since))
    ActionAppearance.objects.filter(meeting=meeting).exclude(action__in=promises).delete()
    ActionAppearance.objects.bulk_create(
        (
            ActionAppearance(
                action=promise,
                meeting=meeting,
                due_then=promise.due_on,
                answer="" if promise.is_open else promise.state,
                reason=promise.dropped_because,
                answered_at=promise.closed_at,
                answered_by_id=promise.closed_by_id,
            )
            for promise in promises
        ),
        update_conflicts=True,
        unique_fields=["action", "meeting"],
        update_fields=["due_then", "answer", "reason", "answered_at", "answered_by"],
    )
    return len(promises)


def _pipeline_drafts(
    meeting: Meeting, present: dict[str, AgendaItem], *, today: date, since: datetime, now: datetime
) -> Iterator[Draft]:
    yield Draft(Section.CHANGED, ItemKind.CHANGES, "changes", facts=facts.changes(what_changed(since, now)))
    kept = {item.opportunity_id for item in present.values() if item.opportunity_id and not _may_go(item)}
    carried = set(queries.carried_twice(meeting).values_list("opportunity", flat=True))
    kept |= carried
    yield from _deal_drafts(list(flagged_open_deals(today).filter(pk__in=kept)), carried)
    stuck = needing_decision(today).exclude(pk__in=kept)
    room = max(0, AT_MOST - len(kept))
    first = list(stuck[: room + facts.NAMED_REST])
    yield from _deal_drafts(first[:room])
    if len(first) > room:
        others = stuck.exclude(pk__in=[deal.pk for deal in first[:room]]).order_by()
        sums = others.aggregate(count=Count("pk"), amount=Sum("amount"))
        rest = facts.rest(first[room:], sums["count"], sums["amount"] or Decimal(0))
        yield Draft(Section.DECIDE, ItemKind.REST, "rest", facts=rest)


def _deal_drafts(deals: list[Opportunity], carried: Collection[int] = ()) -> Iterator[Draft]:
    """`carried` are deals with a promise that was put off twice: late twice is not a date, it is a question."""
    trust = facts.trust_of(deal.pk for deal in deals)
    for deal in deals:
        yield Draft(
            Section.DECIDE,
            ItemKind.DEAL,
            f"deal:{deal.pk}",
            title=_title(deal),
            needs_decision=True,
            opportunity=deal,
            flags=[*flags_of(deal), *(["carried"] if deal.pk in carried else [])],
            facts=facts.deal(deal, trust.get(deal.pk)),
            rank=getattr(deal, "rank", None) or (deal.amount or Decimal(0)) * getattr(deal, "severity"),  # noqa: B009
        )


def _key_result_drafts(present: dict[str, AgendaItem], today: date) -> Iterator[Draft]:
    kept = [item.key_result_id for item in present.values() if item.key_result_id and not _may_go(item)]
    off_track = off_track_key_results(today)
    shown = {standing.key_result.pk for standing in off_track}
    carried = KeyResult.objects.filter(pk__in=[pk for pk in kept if pk not in shown])
    for place, standing in enumerate([*standings(carried, today), *off_track[:AT_MOST]]):
        yield Draft(
            Section.KEY_RESULTS,
            ItemKind.KEY_RESULT,
            f"key_result:{standing.key_result.pk}",
            title=standing.key_result.title,
            needs_decision=True,
            key_result=standing.key_result,
            flags=[standing.health],
            facts=facts.key_result(standing),
            rank=Decimal(-place),
        )


def _title(deal: Opportunity) -> str:
    return f"{deal.customer.name} · {deal.title}"[:200] if deal.customer else deal.title


def _may_go(item: AgendaItem) -> bool:
    """Made by this module from data, and nobody has touched it."""
    return item.is_open and item.times_deferred == 0 and item.kind != ItemKind.TOPIC and not item.added_by_id


def _since(meeting: Meeting) -> datetime:
    """The end of the last held meeting; before there was one, a week (or month) back."""
    if held := queries.last_held(meeting.ritual, meeting.starts_at):
        assert held.closed_at is not None  # closed meetings have it, by constraint
        return held.ended_at or held.closed_at
    return meeting.starts_at - timedelta(days=31 if meeting.ritual.monthly else 7)


_ORDER = [Section.ACTIONS, Section.CHANGED, Section.DECIDE, Section.KEY_RESULTS, Section.OTHER]


def _place(item: AgendaItem) -> tuple[int, bool, int, Decimal, int]:
    """Sections in order; in each what was put off most comes first, then the highest rank; the rest is last."""
    rest = item.kind == ItemKind.REST
    return _ORDER.index(Section(item.section)), rest, -item.times_deferred, -item.rank, item.pk or 0


def _arrange(items: list[AgendaItem], length: int) -> None:
    items.sort(key=_place)
    weights = [WEIGHTS[ItemKind(item.kind)] for item in items]
    left, whole = length - min(CLOSING, length // 3), sum(weights) or 1
    for position, (item, weight) in enumerate(zip(items, weights, strict=True), 1):
        item.position = position
        item.planned_minutes = max(1, left * weight // whole) if weight else 0


def _store(items: list[AgendaItem]) -> None:
    """One upsert; `bulk_update` would write a CASE for each field and item, and take half of the building."""
    AgendaItem.objects.bulk_create(
        items,
        update_conflicts=True,
        unique_fields=["meeting", "source_key"],
        update_fields=["position", "planned_minutes", "title", "flags", "facts", "rank", "opportunity", "key_result"],
    )


def _append(meeting: Meeting, draft: Draft, *, by: User) -> AgendaItem:
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    minutes = WEIGHTS[draft.kind]
    item = draft.put_on(AgendaItem(meeting=meeting, position=last + 1, planned_minutes=minutes, added_by=by))
    item.save()
    row.save(meeting)
    return item
