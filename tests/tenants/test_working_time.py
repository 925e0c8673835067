"""Weekends, holidays, nights and turned clocks; and what must hold for any firm and any moment."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tenants.models import Tenant
from tenants.working_time import WorkingTime

TEHRAN = ZoneInfo("Asia/Tehran")
NEW_YORK = ZoneInfo("America/New_York")
IRAN = WorkingTime(time(9), time(17), frozenset({3, 4}), frozenset({date(2026, 11, 23)}), TEHRAN)


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    """Of November 2026: the 21st is a Saturday, the 25th the last working day of its week."""
    return datetime(2026, 11, day, hour, minute, tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (tehran(21, 10), 0, tehran(21, 10)),
        (tehran(21, 10), 120, tehran(21, 12)),
        (tehran(21, 16), 60, tehran(21, 17)),
        (tehran(21, 16), 61, tehran(22, 9, 1)),
        (tehran(21, 20), 30, tehran(22, 9, 30)),
        (tehran(21, 3), 30, tehran(21, 9, 30)),
        (tehran(22, 16, 30), 60, tehran(24, 9, 30)),  # the 23rd is a holiday
        (tehran(25, 16, 30), 60, tehran(28, 9, 30)),  # Thursday and Friday are the weekend
        (tehran(26, 11), 5, tehran(28, 9, 5)),
        (tehran(21, 9), 3 * 480 + 1, tehran(25, 9, 1)),
    ],
)
def test_minutes_pass_only_while_the_firm_is_open(start: datetime, minutes: int, end: datetime) -> None:
    assert IRAN.add_minutes(start, minutes) == end
    assert IRAN.minutes_between(start, end) == minutes
    assert IRAN.minutes_between(end, start) == -minutes


def test_a_day_on_which_the_clocks_are_turned_has_the_hours_that_really_pass() -> None:
    nights = WorkingTime(time(0), time(6), frozenset(), frozenset(), NEW_YORK)
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    for day, hours in ((spring, 5), (autumn, 7), (date(2026, 11, 2), 6)):
        first = datetime.combine(day, time(0), tzinfo=NEW_YORK)
        assert nights.minutes_between(first, first + timedelta(1)) == hours * 60
    before = datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK)
    assert nights.add_minutes(before, 60) == datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK)


def test_a_firm_that_opens_in_the_hour_that_never_comes_has_no_negative_time() -> None:
    odd = WorkingTime(time(2, 30), time(3), frozenset(), frozenset(), NEW_YORK)
    start = datetime(2026, 3, 8, 0, 0, tzinfo=NEW_YORK)
    assert odd.minutes_between(start, start + timedelta(1)) == 0
    assert odd.add_minutes(start, 10) == datetime(2026, 3, 9, 2, 40, tzinfo=NEW_YORK)


def test_seven_days_off_do_not_stop_the_clock_for_ever() -> None:
    never = WorkingTime(time(9), time(17), frozenset(range(7)), frozenset(), TEHRAN)
    assert never.add_minutes(tehran(21, 10), 60) == tehran(21, 11)


def test_open_is_from_the_first_moment_up_to_closing() -> None:
    asked = [tehran(21, 8, 59), tehran(21, 9), tehran(21, 16, 59), tehran(21, 17), tehran(23, 12), tehran(26, 12)]
    assert [IRAN.is_open_at(moment) for moment in asked] == [False, True, True, False, False, False]


def test_it_is_read_from_the_firm() -> None:
    tenant = Tenant(timezone="Asia/Tehran", weekend=[3, 4], holidays={"2026-11-23": "مرخصی"})
    assert WorkingTime.of(tenant) == IRAN


@pytest.mark.parametrize("seed", range(60))
def test_what_holds_for_any_firm_and_any_moment(seed: int) -> None:
    chance = Random(seed)
    opens = chance.randrange(0, 20 * 60)
    closes = chance.randrange(opens + 15, 24 * 60)
    firm = WorkingTime(
        opens_at=time(opens // 60, opens % 60),
        closes_at=time(closes // 60, closes % 60),
        weekend=frozenset(chance.sample(range(7), chance.randrange(0, 5))),
        holidays=frozenset(date(2026, 1, 1) + timedelta(chance.randrange(400)) for _n in range(30)),
        zone=ZoneInfo(chance.choice(["Asia/Tehran", "America/New_York", "Europe/Berlin", "Australia/Adelaide", "UTC"])),
    )
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
    first, more = chance.randrange(1, 5_000), chance.randrange(1, 5_000)
    middle, end = firm.add_minutes(start, first), firm.add_minutes(start, first + more)
    # What was added lies between; adding in two goes is adding at once; a longer time never ends sooner.
    assert firm.minutes_between(start, middle) == first
    assert firm.minutes_between(start, end) == first + more
    assert firm.add_minutes(middle, more) == end
    assert start < middle < end
    # A deadline is a moment of work: one minute earlier, one minute less has passed.
    assert firm.minutes_between(start, middle - timedelta(minutes=1)) == first - 1
