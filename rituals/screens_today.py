"""What meetings and decisions have to say to a person today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from members.models import Role, User
from rituals import access, queries
from rituals import queries_decisions as log
from rituals.models import Meeting, MeetingState
from rituals.screens_decisions import Row
from tenants import clock

SHOWN = 4
# A meeting that was to begin yesterday and never did still waits for its people.
SINCE = timedelta(days=2)


@dataclass(frozen=True)
class DecideToday:
    """The next meeting, decisions whose look back is due for this person, and for executives the latest ones."""

    coming: Meeting | None
    due: Sequence[Row]
    due_count: int
    latest: Sequence[Row]


def decide_today(user: User, today: date) -> DecideToday:
    seen = access.decisions(user)
    waiting = log.due_for_review(seen, today)
    if user.role == Role.REP:
        waiting = log.of_person(waiting, user)
    rows = [Row(decision, today) for decision in log.shown(waiting).order_by("review_on", "pk")[: SHOWN + 1]]
    count = len(rows) if len(rows) <= SHOWN else waiting.count()
    latest = log.shown(seen)[:SHOWN] if user.role == Role.EXECUTIVE else []
    return DecideToday(coming_meeting(user), rows[:SHOWN], count, [Row(decision, today) for decision in latest])


def coming_meeting(user: User) -> Meeting | None:
    """The one that runs, or else the next one with an agenda."""
    live = access.meetings(user).filter(starts_at__gte=clock.now() - SINCE).exclude(state=MeetingState.SCHEDULED)
    found = queries.with_counts(live.filter(state__in=MeetingState.live())).select_related("ritual")
    return found.order_by("starts_at").first()
