"""What the user does with a file: upload, choose how to read it and its columns, check, start, cancel.

The worker's part is in `crm.importing.working`. Each step leaves the job in one clear state.
"""

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.importing import choices
from crm.importing.fields import guess_kind, is_price_list
from crm.importing.hold import is_held
from crm.importing.readers import Layout, Table, Unreadable, open_table, read_table
from crm.models import ImportJob, ImportState
from members.models import User
from tenants import clock

BUSY = (ImportState.CHECKING, ImportState.RUNNING)
# Of these nothing may be chosen any more: rows are in, or on their way.
BEGUN = (ImportState.RUNNING, ImportState.DONE, ImportState.CANCELLED)


class NoKind(ValueError):
    """The headings do not tell what the rows are; the user has to."""


class IsPriceList(ValueError):
    """The table lists products and prices, which are no records here."""


class StillRunning(ValueError):
    """A worker is on it, or it has come too far for this."""


def accept(*, content: bytes, name: str, kind: str, by: User) -> ImportJob:
    """Keeps an uploaded file and proposes its columns. Raises Unreadable, IsPriceList, NoKind."""
    table = read_table(content, name)
    if is_price_list(table.headings):
        raise IsPriceList
    kind = kind or guess_kind(table.headings)
    if not kind:
        raise NoKind
    digest = hashlib.sha256(content).hexdigest()
    job = ImportJob(kind=kind, file_name=name[:200], sha256=digest, created_by=by)
    choices.propose(job, table)
    job.file.save(f"{digest[:16]}{PurePath(name).suffix[:8].lower()}", ContentFile(content), save=False)
    job.save()
    return job


def read_again(job: ImportJob, *, layout: Layout, kind: str) -> None:
    """Reads the file another way, or as another kind of rows, and proposes anew. Raises Unreadable, StillRunning."""
    with transaction.atomic():
        locked = _free(job.pk)
        if locked.state in BEGUN or locked.batch_id:
            raise StillRunning
        locked.kind = kind
        with locked.file.open("rb") as file:
            choices.propose(locked, open_table(file.file, locked.file_name, layout))
        locked.state = ImportState.MAPPING
        locked.save()


def choose(job: ImportJob, *, mapping: dict[str, str], options: dict[str, Any]) -> bool:
    """Keeps the choices and sends the check; returns False when values of a newly chosen column want a look first.

    Raises NotPossible (nothing is kept then), StillRunning, Unreadable.
    """
    with opened(job) as file:
        table = table_of(job, file.file)
        choices.check_mapping(job.kind, mapping, table.headings)
        job.mapping, job.options = mapping, options
        choices.check_values(choices.values_of(option, job, table) for option in choices.MAPPED_VALUES)
        unseen = choices.propose_values(job, table)
    with transaction.atomic():
        locked = _free(job.pk)
        if locked.state in BEGUN or locked.batch_id:
            raise StillRunning
        job.state = ImportState.MAPPING if unseen else ImportState.CHECKING
        job.started_at, job.finished_at, job.failure, job.processed = clock.now(), None, "", 0
        job.save(update_fields=["mapping", "options", "state", "started_at", "finished_at", "failure", "processed"])
        if not unseen:
            _send(job)
    return not unseen


def start(job: ImportJob) -> None:
    """Sends a checked job on its way; one that failed, was cancelled or left behind goes on. Raises StillRunning."""
    with transaction.atomic():
        locked = _free(job.pk)
        undone = locked.batch is not None and locked.batch.undone_at is not None
        if locked.state == ImportState.DONE or undone:
            raise StillRunning
        locked.state = ImportState.CHECKING if locked.state == ImportState.CHECKING else ImportState.RUNNING
        locked.started_at, locked.finished_at, locked.failure = clock.now(), None, ""
        locked.cancel_asked_at = None
        locked.save(update_fields=["state", "started_at", "finished_at", "failure", "cancel_asked_at"])
        _send(locked)


def cancel(job: ImportJob) -> None:
    """Stops a job before its next rows: what is in stays, and can be taken back. One that nobody works on stops now."""
    with transaction.atomic():
        locked = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if locked.state not in BUSY:
            return
        locked.cancel_asked_at = clock.now()
        locked.save(update_fields=["cancel_asked_at"])
        if not is_held(locked.pk):
            settle_cancelled(locked)


def settle_cancelled(job: ImportJob) -> None:
    """A check that was stopped goes back to its columns; an import keeps what it has written."""
    checking = job.state == ImportState.CHECKING
    job.state = ImportState.MAPPING if checking else ImportState.CANCELLED
    job.finished_at, job.cancel_asked_at = None if checking else clock.now(), None
    job.save(update_fields=["state", "finished_at", "cancel_asked_at"])


def table_of(job: ImportJob, file: Any) -> Table:
    return open_table(file, job.file_name, choices.layout_of(job))


def opened(job: ImportJob) -> Any:
    """Raises Unreadable when the file is gone."""
    try:
        return job.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Unreadable(_("The uploaded file is gone. Please upload it once more.")) from None


def _free(job_id: int) -> ImportJob:
    job = ImportJob.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=job_id).first()
    if job is None or is_held(job_id):
        raise StillRunning
    return job


def _send(job: ImportJob) -> None:
    from crm import tasks

    task = tasks.check_import if job.state == ImportState.CHECKING else tasks.run_import
    task.delay_on_commit(job.pk)
