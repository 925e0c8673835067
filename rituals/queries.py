"""Composable reads of meetings, promises and decisions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.models import Opportunity
from members.models import User
from okr.models import KeyResult
from rituals.models import (
    ActionAppearance,
    ActionItem,
    ActionState,
    Decision,
    DecisionKind,
    DecisionState,
    Meeting,
    MeetingState,
    Ritual,
)


def last_held(ritual: Ritual, before: datetime) -> Meeting | None:
    """The ritual's latest meeting that was really held (and closed) before that moment; skipped ones do not count."""
    held = Meeting.objects.filter(ritual=ritual, state=MeetingState.CLOSED, starts_at__lt=before)
    return held.order_by("-starts_at").first()


def still_open() -> QuerySet[ActionItem]:
    """Promises that nobody kept or dropped yet. A ticked or dropped next step answers for its promise."""
    settled = Q(next_step__done_at__isnull=False) | Q(next_step__dropped_at__isnull=False)
    return ActionItem.objects.filter(state=ActionState.OPEN).exclude(settled)


def promises_for(meeting: Meeting, since: datetime | None) -> QuerySet[ActionItem]:
    """What was promised in earlier meetings of the ritual and is open, or was settled since the last held one."""
    earlier = ActionItem.objects.filter(meeting__ritual=meeting.ritual_id, meeting__starts_at__lt=meeting.starts_at)
    settled_since = Q(closed_at__gt=since) if since else Q(closed_at__isnull=False)
    return earlier.filter(Q(state=ActionState.OPEN) | settled_since).select_related("next_step", "owner")


def carried_twice(meeting: Meeting) -> QuerySet[ActionItem]:
    """Open promises about open deals that earlier meetings of the ritual put off at least twice."""
    earlier = Q(meeting__ritual=meeting.ritual_id, meeting__starts_at__lt=meeting.starts_at)
    return still_open().filter(earlier, slips__gte=2, opportunity__is_open=True)


def unanswered(meeting: Meeting) -> QuerySet[ActionAppearance]:
    """Shown promises without an answer, less those whose action was settled elsewhere meanwhile."""
    return ActionAppearance.objects.filter(meeting=meeting, answer="", action__in=still_open())


def correctives(meeting: Meeting) -> QuerySet[Decision]:
    return Decision.objects.filter(meeting=meeting, kind=DecisionKind.CORRECTIVE).exclude(state=DecisionState.REVERSED)


def with_counts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Adds `decisions_count`, `items_count` (those that want a decision) and `promises_count`."""
    return meetings.annotate(
        decisions_count=Count("decisions", distinct=True),
        items_count=Count("items", filter=Q(items__needs_decision=True), distinct=True),
        promises_count=Count("appearances", distinct=True),
    )


def decisions_resting_on(user: User, today: date, days: int = 30) -> QuerySet[Decision]:
    """Decisions of the last days about deals, or key results, of that person: made on what he or she entered."""
    own_deals = Opportunity.objects.filter(pk=OuterRef("opportunity_id"), owner=user)
    own_results = KeyResult.objects.filter(pk=OuterRef("key_result_id"), owner=user)
    mine = Q(Exists(own_deals)) | Q(Exists(own_results))
    recent = Decision.objects.filter(mine, decided_on__gte=today - timedelta(days), decided_on__lte=today)
    return recent.select_related("decider", "owner", "opportunity__customer", "meeting__ritual")


def promises_without_step(user: User) -> QuerySet[ActionItem]:
    """Promises of that person that no next step stands for, so that no other list shows them."""
    return (
        still_open().filter(owner=user, next_step=None).select_related("key_result", "opportunity", "meeting__ritual")
    )


def of_meeting(meeting: Meeting) -> QuerySet[Decision]:
    """The decisions of a meeting in the order they were taken; taken-back ones are left out."""
    taken = Decision.objects.filter(meeting=meeting).exclude(state=DecisionState.REVERSED)
    return taken.select_related("owner", "decider").order_by("year", "number")


def invited(meeting: Meeting, people: Sequence[User]) -> list[User]:
    """Those of the people who belong to the ritual; without members of its own, everybody who works on deals."""
    members = set(meeting.ritual.members.values_list("pk", flat=True))
    if members:
        return [person for person in people if person.pk in members or person.pk == meeting.facilitator_id]
    return [person for person in people if not person.is_executive]


def about_deal(deal: Opportunity) -> QuerySet[Decision]:
    return Decision.objects.filter(opportunity=deal).select_related("owner", "decider", "meeting__ritual")
