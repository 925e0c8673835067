"""Progress, what the day expects, and health: the table of okr.queries, row by row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from okr.models import CycleState, KeyResult
from okr.queries import (
    active_cycle,
    expected_fraction,
    health,
    off_track_key_results,
    progress,
    standing,
    standings,
    weakest,
)
from tests.factories.okr import make_check_in, make_cycle, make_key_result, make_objective

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("baseline", "target", "value", "share"),
    [
        (0, 100, 0, "0"),
        (0, 100, 25, "0.25"),
        (0, 100, 130, "1"),
        (0, 100, -5, "0"),
        (40, 60, 45, "0.25"),
        (24, 4, 24, "0"),
        (24, 4, 14, "0.5"),
        (24, 4, 3, "1"),
        (24, 4, 30, "0"),
        (-10, 10, 0, "0.5"),
    ],
)
def test_progress_is_the_share_of_the_way_rising_or_falling(sara, baseline, target, value, share):
    key_result = make_key_result(make_objective(sara), baseline=baseline, target=target)
    assert progress(key_result, Decimal(value)) == Decimal(share)


@pytest.mark.parametrize(("offset", "share"), [(-1, "0"), (0, "0.01"), (49, "0.5"), (99, "1"), (140, "1")], ids=str)
def test_expected_is_the_share_of_days_passed(offset, share):
    cycle = make_cycle()
    assert expected_fraction(cycle, cycle.starts_on + timedelta(offset)) == Decimal(share)


# Half of the cycle has passed, so 50 of 100 is where the number should be: off below 25, at risk below 40.
@pytest.mark.parametrize(
    ("value", "confidence", "guard_holds", "days_ago", "expected"),
    [
        (50, 8, True, 0, "on_track"),
        (40, 6, True, 0, "on_track"),
        (39, 8, True, 0, "at_risk"),
        (25, 8, True, 0, "at_risk"),
        (24, 8, True, 0, "off"),
        (50, 5, True, 0, "at_risk"),
        (50, 4, True, 0, "at_risk"),
        (50, 3, True, 0, "off"),
        (100, 10, False, 0, "at_risk"),
        (24, 8, False, 0, "off"),
        (100, 10, True, 10, "on_track"),
        (100, 10, True, 11, "outdated"),
        (0, 1, False, 11, "outdated"),
        # measured against the day of the check-in, when 0.40 was expected: 0.8 × 0.4 = 0.32
        (32, 8, True, 10, "on_track"),
        (31, 8, True, 10, "at_risk"),
    ],
)
def test_health(sara, today, value, confidence, guard_holds, days_ago, expected):
    key_result = make_key_result(make_objective(sara, slot=1))
    make_check_in(key_result, value, today - timedelta(days_ago), confidence=confidence, guard_holds=guard_holds)
    assert health(key_result, today) == expected


def test_without_a_number_nothing_is_green(sara, today):
    key_result = make_key_result(make_objective(sara, slot=1))
    found = standing(key_result, today)
    assert (found.health, found.progress, found.value, found.expected) == ("pending", None, None, Decimal("0.5"))


def test_falling_result_on_its_way_is_on_track(sara, today):
    key_result = make_key_result(make_objective(sara, slot=1), baseline=24, target=4)
    make_check_in(key_result, 14, today)
    assert standing(key_result, today).progress == Decimal("0.5")
    assert health(key_result, today) == "on_track"


def test_cycle_that_is_over_keeps_the_health_it_ended_with(sara):
    cycle = make_cycle(starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    key_result = make_key_result(make_objective(sara, cycle=cycle))
    make_check_in(key_result, 100, date(2026, 3, 25))
    assert health(key_result, date(2026, 11, 21)) == "on_track"


def test_latest_check_in_counts_whatever_was_written_last(sara, today):
    key_result = make_key_result(make_objective(sara, slot=1))
    make_check_in(key_result, 60, today)
    make_check_in(key_result, 10, today - timedelta(7))
    assert standing(key_result, today).value == 60


def test_annotated_row_and_bare_row_stand_the_same_with_one_query(sara, today):
    for place in range(3):
        make_check_in(make_key_result(make_objective(sara, slot=place + 1)), 30 + place, note="بله")
    with CaptureQueriesContext(connection) as captured:
        found = standings(KeyResult.objects.order_by("pk"), today)
    assert len(captured) == 1
    fields = ("health", "expected", "progress", "value", "confidence", "guard_holds", "checked_on", "note")
    for one in found:
        bare = standing(KeyResult.objects.get(pk=one.key_result.pk), today)
        assert [getattr(one, name) for name in fields] == [getattr(bare, name) for name in fields]


def test_review_hears_of_what_is_not_on_track_worst_first(sara, today):
    good, bad, silent, old = (make_objective(sara, slot=slot) for slot in (1, 2, 3, 4))
    make_check_in(make_key_result(good), 60, today)
    off, risky = make_key_result(bad), make_key_result(bad)
    make_check_in(off, 1, today)
    make_check_in(risky, 39, today)
    pending = make_key_result(silent)
    outdated = make_key_result(old)
    make_check_in(outdated, 60, today - timedelta(20))
    candidate = make_key_result(make_objective(sara))
    make_check_in(candidate, 0, today)
    found = off_track_key_results(today)
    assert [(one.key_result, one.health) for one in found] == [
        (off, "off"),
        (risky, "at_risk"),
        (outdated, "outdated"),
        (pending, "pending"),
    ]


def test_only_the_running_cycle_is_reviewed(sara, today):
    make_key_result(make_objective(sara, slot=1, cycle=make_cycle(CycleState.CLOSED)))
    assert off_track_key_results(today) == []
    assert active_cycle() is None


def test_objective_is_as_healthy_as_its_weakest_key_result():
    assert weakest(["on_track", "outdated", "at_risk"]) == "at_risk"
    assert weakest(["on_track", "pending"]) == "pending"
    assert weakest(["on_track", "on_track"]) == "on_track"
    assert weakest([]) == "pending"
