"""The way of an export: asked for by an admin, made by the worker, fetched for seven days, then deleted at night."""

import tempfile
from datetime import date, datetime, timedelta
from typing import IO

from django.core.cache import cache
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from crm.exporting import archive
from crm.importing.hold import hold, is_held
from crm.models import ExportJob, ExportState, ImportJob
from members.models import User
from tenants import clock
from tenants.context import writing
from tenants.schema import current_schema, current_tenant

KEPT = timedelta(days=7)
# As long as an import may be taken back.
IMPORTS_KEPT = timedelta(days=31)
LOST_AFTER = timedelta(seconds=30)
ON_ITS_WAY = (ExportState.WAITING, ExportState.RUNNING)
KIND = "export"


def ask(*, by: User) -> ExportJob:
    """Sends the making of a new one; gives the one that is on its way instead when there is one."""
    with transaction.atomic():
        # One at a time, also when two ask at once.
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        for job in ExportJob.objects.filter(state__in=ON_ITS_WAY):
            if not is_left_behind(job):
                return job
            job.state, job.finished_at = ExportState.FAILED, clock.now()
            job.failure = _("The background worker was stopped.")
            job.save(update_fields=["state", "finished_at", "failure"])
        job = ExportJob.objects.create(created_by=by)
        _send(job)
    return job


def _send(job: ExportJob) -> None:
    from crm import tasks

    tasks.make_export.delay_on_commit(job.pk)


def is_left_behind(job: ExportJob) -> bool:
    return clock.now() - job.created_at > LOST_AFTER and not is_held(job.pk, KIND)


def make(job_id: int) -> None:
    """Does nothing for an export that is made, or being made elsewhere."""
    with hold(job_id, KIND) as free:
        job = ExportJob.objects.select_related("created_by").filter(pk=job_id, state__in=ON_ITS_WAY).first()
        if not free or job is None:
            return
        ExportJob.objects.filter(pk=job_id).update(state=ExportState.RUNNING)
        try:
            with tempfile.TemporaryFile() as file, writing(current_tenant().formats()):
                _fill(job, file)
        except Exception:
            job.state, job.finished_at = ExportState.FAILED, clock.now()
            job.failure = _("Something unexpected happened. Please ask for it once more.")
            job.save(update_fields=["state", "finished_at", "failure"])
            raise


def _fill(job: ExportJob, file: IO[bytes]) -> None:
    today = current_tenant().today()
    job.counts = archive.write(file, today=today, tell=lambda percent: cache.set(_key(job.pk), percent, 3600))
    job.size = file.tell()
    file.seek(0)
    # The name tells nothing and cannot be guessed; who may fetch it is asked at every download.
    job.file.save(f"{current_schema()}-{job.pk}.zip", File(file), save=False)
    job.state, job.finished_at = ExportState.DONE, clock.now()
    job.save()


def percent(job: ExportJob) -> int:
    return int(cache.get(_key(job.pk), 0))


def _key(job_id: int) -> str:
    return f"export-progress:{job_id}"


def file_name(job: ExportJob) -> str:
    day: date = (job.finished_at or job.created_at).astimezone(current_tenant().zone).date()
    return f"{current_schema()}-{day.isoformat()}.zip"


def delete_old(*, now: datetime) -> None:
    """Exports after seven days; of imports the uploaded file and the rows it quotes, when nothing can be taken back."""
    for export in ExportJob.objects.filter(finished_at__lt=now - KEPT).exclude(file=""):
        export.file.delete(save=False)
        ExportJob.objects.filter(pk=export.pk).update(file="", size=0)
    for job in ImportJob.objects.filter(created_at__lt=now - IMPORTS_KEPT).exclude(file=""):
        forget_rows(job)


def forget_rows(job: ImportJob) -> None:
    """Takes from an upload every word of its rows; what came of it stays known."""
    job.file.delete(save=False)
    job.problems.all().delete()
    columns = [{**column, "samples": []} for column in job.columns]
    ImportJob.objects.filter(pk=job.pk).update(file="", columns=columns)
