"""Jobs that run once in each firm's own night.

A room registers its job in `AppConfig.ready()` and lets its task do the work through `once`:

    nightly.register("score", "dataquality.tasks.score_night")

    @shared_task(**nightly.RETRY)
    def score_night(run_id: int) -> None:
        nightly.once(run_id, lambda today: score_all(today=today))
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from celery import current_app
from django.db import models, transaction

from tenants import clock
from tenants.celery import HEADER
from tenants.models import NightlyRun, Tenant
from tenants.schema import current_schema

BEGIN, END = time(2, 0), time(6, 0)
# A run that is not finished this long after it was sent counts as lost and is sent again.
LOST_AFTER = timedelta(minutes=30)
MAX_ATTEMPTS = 5
RETRY: dict[str, Any] = {"autoretry_for": (Exception,), "retry_backoff": 5, "max_retries": 3}

_jobs: dict[str, str] = {}


def register(job: str, task: str) -> None:
    """Adds a job (a short name, kept in the rows) and the full name of the task that gets the run's id."""
    _jobs[job] = task


def jobs() -> dict[str, str]:
    return dict(_jobs)


def once(run_id: int, work: Callable[[date], object]) -> bool:
    """Does the work for the run's day, unless it is done or being done; says whether it did.

    Lock, work and the mark that it is done are one transaction, so a run sent twice counts once.
    """
    with transaction.atomic():
        run = (
            NightlyRun.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("tenant")
            .filter(pk=run_id, finished_at=None)
            .first()
        )
        if run is None:
            return False
        if run.tenant.schema_name != current_schema():
            raise RuntimeError(f"Run {run_id} belongs to another tenant.")
        started = clock.now()
        work(run.local_day)
        NightlyRun.objects.filter(pk=run_id).update(started_at=started, finished_at=clock.now())
    return True


def send_due(*, now: datetime) -> int:
    """Sends every firm's jobs whose night has come and that were not sent yet, or were lost; returns how many."""
    known = runs_since(now.date() - timedelta(days=1))
    last = last_days()
    sent = 0
    for tenant in Tenant.objects.live():
        local = now.astimezone(tenant.zone)
        for job, task in _jobs.items():
            run = known.get((tenant.pk, job, local.date()))
            if run is None and is_due(local, last.get((tenant.pk, job))):
                sent += send_new(tenant, job, task, local.date(), now)
            elif run is not None and run.finished_at is None:
                sent += send_again(run, task, now)
    return sent


def is_due(local: datetime, last_day: date | None) -> bool:
    """In the night; or later in the day when the night was missed. A firm without any run waits for its first night."""
    if local.time() < BEGIN:
        return False
    return local.time() < END or last_day is not None


def send_new(tenant: Tenant, job: str, task: str, day: date, now: datetime) -> int:
    with transaction.atomic():
        run, created = NightlyRun.objects.get_or_create(
            tenant=tenant, job=job, local_day=day, defaults={"sent_at": now, "attempts": 1}
        )
        if created:
            send_at_commit(run, task, tenant.schema_name)
    return int(created)


def send_again(run: NightlyRun, task: str, now: datetime) -> int:
    if run.attempts >= MAX_ATTEMPTS or run.sent_at > now - LOST_AFTER:
        return 0
    with transaction.atomic():
        # A run that is being done right now is locked by its worker and therefore skipped here.
        lost = NightlyRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            pk=run.pk, finished_at=None, sent_at=run.sent_at
        )
        if lost.first() is None:
            return 0
        NightlyRun.objects.filter(pk=run.pk).update(sent_at=now, attempts=models.F("attempts") + 1)
        send_at_commit(run, task, run.tenant.schema_name)
    return 1


def send_at_commit(run: NightlyRun, task: str, schema: str) -> None:
    def send() -> None:
        current_app.tasks[task].apply_async((run.pk,), headers={HEADER: schema})

    # Robust: a broker that is down must not keep the other firms' runs from being noted; they are sent again.
    transaction.on_commit(send, robust=True)


def runs_since(day: date) -> dict[tuple[int, str, date], NightlyRun]:
    runs: Iterable[NightlyRun] = NightlyRun.objects.filter(local_day__gte=day).select_related("tenant")
    return {(run.tenant_id, run.job, run.local_day): run for run in runs}


def last_days() -> dict[tuple[int, str], date]:
    rows = NightlyRun.objects.values_list("tenant_id", "job").annotate(last=models.Max("local_day"))
    return {(tenant, job): last for tenant, job, last in rows}
