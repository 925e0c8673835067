"""What the worker does with a file: check it, or bring it in, chunk by chunk.

Every chunk is one transaction that also moves `processed` on. So after a worker died, the job goes on with the next row
when the task comes again; and what stands in the history is exactly what is in.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.importing import choices, fields
from crm.importing.contacts import ContactsPlanner
from crm.importing.customers import CustomersPlanner
from crm.importing.deals import DealsPlanner
from crm.importing.hold import hold
from crm.importing.interactions import InteractionsPlanner
from crm.importing.leads import LeadsPlanner
from crm.importing.people import PeoplePlanner
from crm.importing.plan import Action, Chunk, Planner, Setup, in_chunks
from crm.importing.readers import Row, Table, Unreadable
from crm.importing.running import opened, settle_cancelled, table_of
from crm.models import Batch, BatchKind, ImportJob, ImportKind, ImportProblem, ImportState
from tenants import clock
from tenants.context import writing
from tenants.schema import current_tenant

PLANNERS: dict[str, type[Planner]] = {
    ImportKind.PEOPLE: PeoplePlanner,
    ImportKind.CUSTOMERS: CustomersPlanner,
    ImportKind.OPPORTUNITIES: DealsPlanner,
    ImportKind.LEADS: LeadsPlanner,
    ImportKind.CONTACTS: ContactsPlanner,
    ImportKind.INTERACTIONS: InteractionsPlanner,
}
MOST_PROBLEMS = 20_000
KEPT = ("processed", "created", "updated", "unchanged", "rejected", "options")
log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Asked for by the user between two chunks."""


def check(job_id: int) -> None:
    """Goes through all rows without writing a record; leaves counts and problems, and the job ready."""
    with _working(job_id, ImportState.CHECKING) as job:
        if job is None:
            return
        _begin_anew(job)
        with opened(job) as file:
            table = table_of(job, file.file)
            planner = planner_of(job, table)
            for rows in in_chunks(table.rows()):
                chunk = planner.take(rows)
                planner.rehearse(chunk)
                _keep(job, planner, chunk, {})
                _stop_if_asked(job)
        job.state, job.total = ImportState.READY, job.processed
        job.save(update_fields=["state", "total"])


def run(job_id: int) -> None:
    """Brings the rows in that are not in yet. Does nothing for a job that is done, or worked on elsewhere."""
    with _working(job_id, ImportState.RUNNING) as job:
        if job is None:
            return
        if job.batch is None:
            _open_batch(job)
        with opened(job) as file:
            table = table_of(job, file.file)
            _bring_in(job, table)
        _close(job)


def _open_batch(job: ImportJob) -> None:
    with transaction.atomic():
        _begin_anew(job)
        job.batch = Batch.objects.create(kind=BatchKind.IMPORT, label=job.file_name, at=clock.now(), by=job.created_by)
        job.save(update_fields=["batch"])


def _bring_in(job: ImportJob, table: Table) -> None:
    planner = planner_of(job, table, batch=job.batch)
    made_before = dict(job.options.get("along") or {})
    rows = table.rows()
    for past in in_chunks(islice(rows, job.processed)):
        planner.recall(past)
    for chunk_of_rows in in_chunks(rows):
        with transaction.atomic():
            _bring_chunk_in(job, planner, chunk_of_rows, made_before)
        _stop_if_asked(job)


def _bring_chunk_in(job: ImportJob, planner: Planner, rows: Sequence[Row], made_before: dict[str, int]) -> None:
    chunk = planner.take(rows)
    planner.write(chunk)
    _keep(job, planner, chunk, made_before)


def _close(job: ImportJob) -> None:
    job.state, job.total, job.finished_at = ImportState.DONE, job.processed, clock.now()
    with transaction.atomic():
        job.save(update_fields=["state", "total", "finished_at"])
        Batch.objects.filter(import_job=job).update(records=job.created + job.updated)


def planner_of(job: ImportJob, table: Table, *, batch: Batch | None = None) -> Planner:
    setup = Setup(
        table.headings,
        job.mapping,
        job.options,
        job.created_by,
        current_tenant().today(),
        choices.formats_of(job),
        tuple(info for info in fields.own_fields(job.kind) if info.name in job.mapping.values()),
        batch,
    )
    return PLANNERS[job.kind](setup)


@contextmanager
def _working(job_id: int, state: ImportState) -> Iterator[ImportJob | None]:
    """The job, held, in the ways of writing of its user; None if there is nothing to do here.

    An error leaves the job failed, with the reason; the chunks before stay.
    """
    with ExitStack() as stack:
        free = stack.enter_context(hold(job_id))
        job = ImportJob.objects.select_related("created_by", "batch").filter(pk=job_id, state=state).first()
        if not free or job is None:
            yield None
            return
        by = job.created_by
        stack.enter_context(writing(current_tenant().formats(language=by.language, calendar=by.calendar)))
        try:
            yield job
        except Cancelled:
            settle_cancelled(ImportJob.objects.get(pk=job_id))
        except Unreadable as error:
            _fail(job_id, str(error))
        except IntegrityError as error:
            log.warning("import_collided", job=job_id, error=type(error).__name__)
            _fail(job_id, _("Somebody changed the same records meanwhile. Start again: it goes on where it stopped."))
        except Exception:
            _fail(job_id, _("Something unexpected happened. What was not written yet can be started again."))
            raise


def _fail(job_id: int, reason: str) -> None:
    ImportJob.objects.filter(pk=job_id).update(state=ImportState.FAILED, failure=reason[:300], finished_at=clock.now())


def _stop_if_asked(job: ImportJob) -> None:
    if ImportJob.objects.filter(pk=job.pk, cancel_asked_at__isnull=False).exists():
        raise Cancelled


def _begin_anew(job: ImportJob) -> None:
    job.problems.all().delete()
    job.processed = job.created = job.updated = job.unchanged = job.rejected = 0
    job.options = {**job.options, "along": {}, "noticed": {}, "problems": 0}
    job.save(update_fields=KEPT)


def _keep(job: ImportJob, planner: Planner, chunk: Chunk, made_before: dict[str, int]) -> None:
    counts = chunk.counts()
    job.processed += len(chunk.items)
    job.created += counts[Action.NEW]
    job.updated += counts[Action.UPDATE]
    job.unchanged += counts[Action.UNCHANGED]
    job.rejected += counts[Action.REJECTED]
    made = planner.along_the_way()
    along = {name: made.get(name, 0) + made_before.get(name, 0) for name in {*made, *made_before}}
    job.options["along"] = {name: count for name, count in along.items() if count}
    noticed = job.options.get("noticed") or {}
    for name, count in planner.noticed.items():
        if count:
            noticed[name] = noticed.get(name, 0) + count
    planner.noticed.clear()
    job.options["noticed"] = noticed
    _keep_problems(job, chunk)
    job.save(update_fields=KEPT)


def _keep_problems(job: ImportJob, chunk: Chunk) -> None:
    """All rejected rows, and of the other remarks as many as anybody could read."""
    kept = int(job.options.get("problems") or 0)
    remarks = (finding for finding in chunk.findings if not finding.rejects)
    told: Iterable[object] = [
        *(finding for finding in chunk.findings if finding.rejects),
        *islice(remarks, max(MOST_PROBLEMS - kept, 0)),
    ]
    problems = [ImportProblem(job=job, **finding.__dict__) for finding in told]
    ImportProblem.objects.bulk_create(problems, batch_size=2000)
    job.options["problems"] = kept + len(problems)
