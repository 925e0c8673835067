"""How much of a firm's working time lies between two moments, and when so many minutes of it have passed.

Working time is what really passes between opening and closing on a working day: where the clocks are turned during the
day, that day is an hour longer or shorter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenants.models import Tenant

DAY = timedelta(1)
NOTHING = timedelta()


@dataclass(frozen=True)
class WorkingTime:
    """`weekend` in Python's weekdays (Monday is 0). With seven days off the firm counts as working on each of them."""

    opens_at: time
    closes_at: time
    weekend: frozenset[int]
    holidays: frozenset[date]
    zone: ZoneInfo

    @classmethod
    def of(cls, tenant: Tenant) -> "WorkingTime":
        return cls(
            opens_at=tenant.opens_at,
            closes_at=tenant.closes_at,
            weekend=frozenset(tenant.weekend),
            holidays=frozenset(date.fromisoformat(day) for day in tenant.holidays),
            zone=tenant.zone,
        )

    def works_on(self, day: date) -> bool:
        return (day.weekday() not in self.weekend or len(self.weekend) == 7) and day not in self.holidays

    def is_open_at(self, moment: datetime) -> bool:
        return any(opens <= moment < closes for opens, closes in self._spans(moment, moment))

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The earliest moment by which `minutes` (≥ 0) of working time have passed since `start`, in UTC."""
        left = timedelta(minutes=minutes)
        if left <= NOTHING:
            return start.astimezone(UTC)
        for opens, closes in self._spans(start):
            begins = max(opens, start)
            if begins + left <= closes:
                return (begins + left).astimezone(UTC)
            left -= max(closes - begins, NOTHING)
        raise AssertionError("The calendar ended before the work.")

    def minutes_between(self, first: datetime, last: datetime) -> int:
        """Whole minutes of working time from `first` to `last`; negative when `last` comes before."""
        if last < first:
            return -self.minutes_between(last, first)
        worked = sum(
            (max(min(closes, last) - max(opens, first), NOTHING) for opens, closes in self._spans(first, last)), NOTHING
        )
        return int(worked // timedelta(minutes=1))

    def _spans(self, first: datetime, last: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing of each working day from that of `first` on, up to that of `last`."""
        day = first.astimezone(self.zone).date()
        until = last.astimezone(self.zone).date() if last else date.max
        while day <= until:
            if self.works_on(day):
                yield self._at(day, self.opens_at), self._at(day, self.closes_at)
            day += DAY

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, tzinfo=self.zone).astimezone(UTC)
