"""Each firm's night comes in its own time zone, and its jobs run once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from celery import shared_task
from django.db import IntegrityError, transaction

from tenants import nightly, schema
from tenants.models import NightlyRun, Tenant

pytestmark = pytest.mark.django_db

done: list[tuple[str, date]] = []
TEHRAN_NIGHT = datetime(
    2026, 11, 21, 23, 0, tzinfo=UTC
)  # 02:30 on 22 November in Tehran, 18:00 on the 21st in New York
NEW_YORK_NIGHT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # 03:00 on 22 November; 11:30 in Tehran
NOON_EVERYWHERE = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@shared_task
def count_night(run_id: int) -> None:
    nightly.once(run_id, lambda today: done.append((schema.current_schema(), today)))


@pytest.fixture(autouse=True)
def only_our_job(acme_is_open: None) -> Iterator[None]:
    done.clear()
    kept = nightly.jobs()
    nightly._jobs.clear()
    nightly.register("count", count_night.name)
    schema.enter_public()
    yield
    nightly._jobs.clear()
    nightly._jobs.update(kept)


@pytest.fixture
def tick(django_capture_on_commit_callbacks):
    def run(now: datetime) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return nightly.send_due(now=now)

    return run


def test_each_firm_has_its_own_night(tick) -> None:
    assert tick(NOON_EVERYWHERE) == 0
    assert tick(TEHRAN_NIGHT) == 1
    assert done == [("acme", date(2026, 11, 22))]
    assert tick(NEW_YORK_NIGHT) == 1
    assert done == [("acme", date(2026, 11, 22)), ("globex", date(2026, 11, 22))]


def test_ticking_again_in_the_same_night_does_nothing(tick) -> None:
    tick(TEHRAN_NIGHT)
    assert tick(TEHRAN_NIGHT + timedelta(minutes=15)) == 0
    assert tick(TEHRAN_NIGHT + timedelta(hours=3)) == 0
    assert len(done) == 1
    assert tick(TEHRAN_NIGHT + timedelta(days=1)) == 1


def test_a_new_firm_waits_for_its_first_night_but_a_missed_night_is_made_up(tick, acme: Tenant) -> None:
    schema.enter_public()
    morning = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 10:30 in Tehran, 02:00 in New York
    assert tick(morning) == 1
    assert done == [("globex", date(2026, 11, 21))]
    NightlyRun.objects.create(
        tenant=acme, job="count", local_day=date(2026, 11, 18), sent_at=morning, finished_at=morning
    )
    assert tick(morning) == 1
    assert done[1:] == [("acme", date(2026, 11, 21))]


def test_before_two_in_the_morning_no_night_is_made_up(tick, acme: Tenant) -> None:
    schema.enter_public()
    one_past_midnight = datetime(2026, 11, 21, 21, 31, tzinfo=UTC)
    NightlyRun.objects.create(
        tenant=acme, job="count", local_day=date(2026, 11, 18), sent_at=NOON_EVERYWHERE, finished_at=NOON_EVERYWHERE
    )
    assert tick(one_past_midnight) == 0


def test_a_lost_run_is_sent_again_but_not_for_ever() -> None:
    """Without executing what is sent, as if the broker had lost it."""
    now, sent = TEHRAN_NIGHT, []
    for _n in range(12):
        sent.append(nightly.send_due(now=now))
        now += timedelta(minutes=15)
    run = NightlyRun.objects.get()
    # Sent at 02:30, and again whenever half an hour has passed, five times in all.
    assert sent == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0]
    assert (run.attempts, run.finished_at) == (5, None)


def test_a_run_is_done_once_however_often_it_arrives(acme: Tenant, tick) -> None:
    tick(TEHRAN_NIGHT)
    run = NightlyRun.objects.get()
    schema.enter(acme)
    assert nightly.once(run.pk, lambda today: done.append(("again", today))) is False
    assert done == [("acme", date(2026, 11, 22))]


def test_a_run_that_fails_is_neither_done_nor_half_done(acme: Tenant) -> None:
    run = NightlyRun.objects.create(tenant=acme, job="count", local_day=date(2026, 11, 22), sent_at=TEHRAN_NIGHT)
    schema.enter(acme)

    def fail(today: date) -> None:
        NightlyRun.objects.filter(pk=run.pk).update(job="half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        nightly.once(run.pk, fail)
    run.refresh_from_db()
    assert (run.finished_at, run.job) == (None, "count")


def test_a_run_of_another_firm_is_refused(acme: Tenant, globex: Tenant) -> None:
    run = NightlyRun.objects.create(tenant=globex, job="count", local_day=date(2026, 11, 22), sent_at=TEHRAN_NIGHT)
    schema.enter(acme)
    with pytest.raises(RuntimeError, match="another tenant"):
        nightly.once(run.pk, lambda today: None)


def test_a_day_has_one_run_of_a_job(acme: Tenant) -> None:
    facts = {"tenant": acme, "local_day": date(2026, 11, 22), "sent_at": TEHRAN_NIGHT}
    NightlyRun.objects.create(job="count", **facts)
    NightlyRun.objects.create(job="other", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        NightlyRun.objects.create(job="count", **facts)


def test_a_tick_costs_the_same_queries_for_firms_that_are_done(tick, django_assert_num_queries) -> None:
    tick(TEHRAN_NIGHT)
    with django_assert_num_queries(4):  # the first opens the schema
        nightly.send_due(now=TEHRAN_NIGHT)
