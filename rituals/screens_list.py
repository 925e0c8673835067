"""What the list of meetings prints, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from l10n import formats
from members.models import User
from rituals import access, queries
from rituals.models import Meeting, MeetingState, Ritual

PAST_SHOWN = 20
MARKS_SHOWN = 8


@dataclass(frozen=True)
class Rhythm:
    """When a ritual comes back, and how faithfully it was held: its last due days, oldest first."""

    ritual: Ritual
    marks: list[Meeting]

    @property
    def when(self) -> str:
        weekday = formats.weekday(date(2024, 1, 1) + timedelta(self.ritual.weekday))
        words = {"day": weekday, "time": formats.clock(self.ritual.starts_at)}
        if self.ritual.monthly:
            return _("First %(day)s of the month, %(time)s") % words
        return _("Every %(day)s, %(time)s") % words

    @property
    def held(self) -> int:
        return sum(meeting.state == MeetingState.CLOSED for meeting in self.marks)


@dataclass(frozen=True)
class MeetingsScreen:
    live: list[Meeting]
    upcoming: list[Meeting]
    past: list[Meeting]
    rhythm: list[Rhythm]
    may_change: bool


def meetings_screen(user: User, now: datetime) -> MeetingsScreen:
    rows = queries.with_counts(access.meetings(user).select_related("ritual", "facilitator"))
    during = list(rows.filter(state__in=MeetingState.during()).order_by("starts_at"))
    before = list(rows.filter(state__in=MeetingState.before()).order_by("starts_at"))
    ended = (MeetingState.CLOSED, MeetingState.SKIPPED)
    past = [*rows.filter(state__in=ended).order_by("-starts_at")[: PAST_SHOWN * 2]]
    missed = [meeting for meeting in before if meeting.is_missed(now)]
    past = sorted([*past, *missed], key=lambda meeting: meeting.starts_at, reverse=True)
    return MeetingsScreen(
        live=during,
        upcoming=[meeting for meeting in before if meeting not in missed],
        past=past[:PAST_SHOWN],
        rhythm=_rhythm(past),
        may_change=user.is_manager_or_admin,
    )


def _rhythm(past: Sequence[Meeting]) -> list[Rhythm]:
    found: dict[int, list[Meeting]] = {}
    for meeting in past:
        found.setdefault(meeting.ritual_id, []).append(meeting)
    rituals = Ritual.objects.filter(active=True).select_related("facilitator", "serves")
    return [Rhythm(ritual, found.get(ritual.pk, [])[:MARKS_SHOWN][::-1]) for ritual in rituals]
