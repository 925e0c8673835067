"""Composable reads of the decision log, and the four numbers at its head."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from members.models import User
from rituals.models import ActionItem, ActionState, Decision, DecisionState, Meeting, MeetingState, ReviewState, Verdict

PERIOD = timedelta(days=90)
ON_TIME = timedelta(minutes=60)
AS_HOPED = (Verdict.BETTER, Verdict.AS_EXPECTED)


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; `percent` is None while there is nothing to count."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.part / self.whole) if self.whole else None


def due_for_review(decisions: QuerySet[Decision], today: date) -> QuerySet[Decision]:
    return decisions.filter(review_state=ReviewState.SCHEDULED, review_on__lte=today)


def of_person(decisions: QuerySet[Decision], user: User) -> QuerySet[Decision]:
    """Decisions that the person took or follows up."""
    return decisions.filter(Q(owner=user) | Q(decider=user))


def shown(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """With everything that a row of the log prints."""
    return decisions.select_related("owner", "decider", "serves", "meeting__ritual", "opportunity", "key_result")


def held_on_time(now: datetime) -> Share:
    """Meetings of the last 90 days that began within an hour of their time. One that may still begin does not count."""
    planned = Meeting.objects.filter(starts_at__gte=now - PERIOD, starts_at__lt=now)
    counted = planned.exclude(state__in=MeetingState.live(), starts_at__gte=now - timedelta(days=1))
    on_time = Q(started_at__lte=F("starts_at") + ON_TIME)
    found = counted.aggregate(whole=Count("pk"), part=Count("pk", filter=on_time))
    return Share(found["part"], found["whole"])


def held_with_decision(now: datetime) -> Share:
    """Meetings closed in the last 90 days that took at least one decision which was not taken back in the room."""
    standing = Decision.objects.filter(meeting=OuterRef("pk")).exclude(state=DecisionState.REVERSED)
    closed = Meeting.objects.filter(state=MeetingState.CLOSED, starts_at__gte=now - PERIOD)
    found = closed.aggregate(whole=Count("pk"), part=Count("pk", filter=Exists(standing)))
    return Share(found["part"], found["whole"])


def done_by_their_date(today: date) -> Share:
    """Promises that fell due in the last 90 days and were done by the day first promised; dropped ones do not count."""
    finished = TruncDate(Coalesce("closed_at", "next_step__done_at"))
    done = Q(state=ActionState.DONE) | Q(next_step__done_at__isnull=False)
    due = ActionItem.objects.filter(original_due_on__gte=today - PERIOD, original_due_on__lt=today)
    counted = due.exclude(state=ActionState.DROPPED).annotate(finished_on=finished)
    in_time = done & Q(finished_on__lte=F("original_due_on"))
    found = counted.aggregate(whole=Count("pk"), part=Count("pk", filter=in_time))
    return Share(found["part"], found["whole"])


def turned_out_as_hoped() -> Share:
    """Of all decisions looked back on: those that went as expected, or better."""
    reviewed = Decision.objects.filter(review_state=ReviewState.REVIEWED)
    found = reviewed.aggregate(whole=Count("pk"), part=Count("pk", filter=Q(verdict__in=AS_HOPED)))
    return Share(found["part"], found["whole"])
