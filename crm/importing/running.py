"""The way of an import: upload → choose columns → check → preview → run. Each step leaves the job in one clear state.

While somebody works on a job, its row is locked. So a job in state "checking" or "running" whose row is free is either
still waiting for a worker or was left behind by a dead one: in both cases it may be started again without harm.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import PurePath
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.importing import choices
from crm.importing.customers import CustomersPlanner
from crm.importing.deals import DealsPlanner
from crm.importing.fields import guess_kind, is_price_list
from crm.importing.people import PeoplePlanner
from crm.importing.plan import Action, Planner, Setup
from crm.importing.progress import Progress
from crm.importing.readers import Table, Unreadable, read_table
from crm.models import ImportJob, ImportKind, ImportProblem, ImportState
from members.models import User
from tenants import clock
from tenants.context import writing
from tenants.schema import current_tenant

PLANNERS: dict[str, type[Planner]] = {
    ImportKind.PEOPLE: PeoplePlanner,
    ImportKind.CUSTOMERS: CustomersPlanner,
    ImportKind.OPPORTUNITIES: DealsPlanner,
}
BUSY = (ImportState.CHECKING, ImportState.RUNNING)
MOST_PROBLEMS = 20_000
log = structlog.get_logger(__name__)


class NoKind(ValueError):
    """The headings do not tell what the rows are; the user has to."""


class IsPriceList(ValueError):
    """The table lists products and prices, which are no records here."""


class StillRunning(ValueError):
    """A worker is on it."""


# --- Steps of the user --------------------------------------------------------------------------------------------
def accept(*, content: bytes, name: str, kind: str, by: User) -> ImportJob:
    """Keeps an uploaded file and proposes its columns. Raises Unreadable, IsPriceList, NoKind."""
    table = read_table(content, name)
    if is_price_list(table.headings):
        raise IsPriceList
    kind = kind or guess_kind(table.headings)
    if not kind:
        raise NoKind
    digest = hashlib.sha256(content).hexdigest()
    job = ImportJob(kind=kind, file_name=name[:200], sha256=digest, total=len(table.rows), created_by=by)
    choices.propose(job, table)
    job.file.save(f"{digest[:16]}{PurePath(name).suffix[:8].lower()}", ContentFile(content), save=False)
    job.save()
    return job


def choose(job: ImportJob, *, mapping: dict[str, str], options: dict[str, Any]) -> bool:
    """Keeps the choices and sends the check; returns False when the stages of a newly chosen column want a look first.

    Raises NotPossible (nothing is kept then), StillRunning.
    """
    table = read(job)
    choices.check_mapping(job.kind, mapping, table.headings)
    job.mapping, job.options = mapping, options
    choices.check_stages(choices.stage_values(job, table))
    unseen = choices.propose_stages(job, table)
    with transaction.atomic():
        locked = _free(job.pk)
        if locked.state in (ImportState.RUNNING, ImportState.DONE):
            raise StillRunning
        job.state = ImportState.MAPPING if unseen else ImportState.CHECKING
        job.started_at, job.finished_at, job.failure = clock.now(), None, ""
        job.save(update_fields=["mapping", "options", "state", "started_at", "finished_at", "failure"])
        if not unseen:
            _send(job)
    return not unseen


def start(job: ImportJob) -> None:
    """Sends a checked job on its way, or one that failed or was left behind once more. Raises StillRunning."""
    with transaction.atomic():
        locked = _free(job.pk)
        if locked.state == ImportState.DONE:
            raise StillRunning
        locked.state = ImportState.CHECKING if locked.state == ImportState.CHECKING else ImportState.RUNNING
        locked.started_at, locked.finished_at, locked.failure = clock.now(), None, ""
        locked.save(update_fields=["state", "started_at", "finished_at", "failure"])
        _send(locked)


def is_worked_on(job: ImportJob) -> bool:
    with transaction.atomic():
        return not ImportJob.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=job.pk).exists()


def _free(job_id: int) -> ImportJob:
    job = ImportJob.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise StillRunning
    return job


def _send(job: ImportJob) -> None:
    from crm import tasks

    task = tasks.check_import if job.state == ImportState.CHECKING else tasks.run_import
    task.delay_on_commit(job.pk)


# --- Work of the worker -------------------------------------------------------------------------------------------
def check(job_id: int) -> None:
    """Goes through all rows without writing a record; leaves counts and problems, and the job ready."""
    with _working(job_id, ImportState.CHECKING) as job:
        if job is None:
            return
        planner = plan(job, read(job), tell=Progress(job, share=100).read)
        _keep_findings(job, planner)
        job.state = ImportState.READY
        job.save()


def run(job_id: int) -> None:
    """Writes everything in one transaction, or nothing. Does nothing for a job that is done, or worked on elsewhere."""
    with _working(job_id, ImportState.RUNNING) as job:
        if job is None:
            return
        progress = Progress(job)
        planner = plan(job, read(job), locks=True, tell=progress.read)
        _keep_findings(job, planner)
        planner.write(progress.wrote)
        job.state, job.processed, job.finished_at = ImportState.DONE, job.total, clock.now()
        job.save()


def read(job: ImportJob) -> Table:
    """The table again. Raises Unreadable when the file is gone."""
    try:
        with job.file.open("rb") as file:
            return read_table(file.read(), job.file_name)
    except FileNotFoundError:
        raise Unreadable(_("The uploaded file is gone. Please upload it once more.")) from None


def plan(
    job: ImportJob, table: Table, *, locks: bool = False, tell: Callable[[int], None] = lambda _count: None
) -> Planner:
    setup = Setup(table.headings, job.mapping, job.options, job.created_by, current_tenant().today(), locks)
    planner = PLANNERS[job.kind](setup)
    planner.plan(table.rows, tell)
    return planner


@contextmanager
def _working(job_id: int, state: ImportState) -> Iterator[ImportJob | None]:
    """The locked job in one transaction, in the ways of writing of its user; None if there is nothing to do here.

    An error rolls everything back and leaves the job failed, with the reason.
    """
    with ExitStack() as stack:
        try:
            with transaction.atomic():
                locked = ImportJob.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
                    "created_by"
                )
                job = locked.filter(pk=job_id, state=state).first()
                if job:
                    by = job.created_by
                    stack.enter_context(writing(current_tenant().formats(language=by.language, calendar=by.calendar)))
                yield job
        except Unreadable as error:
            _fail(job_id, state, str(error))
        except IntegrityError as error:
            log.warning("import_collided", job=job_id, error=type(error).__name__)
            _fail(
                job_id,
                state,
                _("Somebody changed the same records meanwhile. Nothing was written; please start again."),
            )
        except Exception:
            _fail(job_id, state, _("Something unexpected happened. Nothing was written."))
            raise


def _fail(job_id: int, state: ImportState, reason: str) -> None:
    ImportJob.objects.filter(pk=job_id, state=state).update(
        state=ImportState.FAILED, failure=reason[:300], finished_at=clock.now()
    )


def _keep_findings(job: ImportJob, planner: Planner) -> None:
    counts: Mapping[Action, int] = planner.counts()
    job.total = len(planner.items)
    job.created, job.updated = counts[Action.NEW], counts[Action.UPDATE]
    job.unchanged, job.rejected = counts[Action.UNCHANGED], counts[Action.REJECTED]
    job.options["along"] = {name: count for name, count in planner.along_the_way().items() if count}
    job.problems.all().delete()
    # The rejected rows first: they must not fall off the end of a long list.
    findings = sorted(planner.findings, key=lambda finding: not finding.rejects)[:MOST_PROBLEMS]
    ImportProblem.objects.bulk_create(
        (ImportProblem(job=job, **finding.__dict__) for finding in findings), batch_size=2000
    )
