"""The import of 100,000 leads and its undo, in a process of its own as a worker has it: so its memory can be told."""

import csv
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from django.core.files import File
from django.db import connection, connections

from crm.importing import choices, running, undoing, working
from crm.importing.readers import open_table
from crm.models import ImportJob, ImportKind, ImportState, Lead
from members.models import Role, User
from tenants.context import inside
from tenants.models import Tenant

Tell = Callable[[str, float, str, str], None]
ROWS = 100_000
PEOPLE = 20
HEADINGS = ["id", "name", "company", "mobile", "email", "source", "owner", "created on"]


def measure(tenant: Tenant, tell: Tell, rows: int = ROWS) -> None:
    """Tells rows a second (`import_rows`), the worker's peak in MB (`import_memory`), seconds of `import_undo`."""
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    here, there = forked.Pipe(duplex=False)
    worker = forked.Process(target=_work, args=(tenant.schema_name, rows, there))
    worker.start()
    there.close()  # so that a worker that dies ends the waiting
    seconds, peak, undone = here.recv()
    worker.join()
    tell(f"import of {rows:,} leads", rows / seconds, "rows/s", "import_rows")
    tell("peak memory of its worker", peak, "MB", "import_memory")
    tell(f"undo of {rows:,} leads", undone, "s", "import_undo")


def _work(schema: str, rows: int, answer: Connection) -> None:
    with inside(Tenant.objects.get(schema_name=schema)) as tenant:
        job = _job(rows)
        begin = time.perf_counter()
        working.run(job.pk)
        seconds = time.perf_counter() - begin
        job.refresh_from_db()
        if (job.state, job.created) != (ImportState.DONE, rows):
            raise SystemExit(f"The import made {job.created} leads of {rows}: {job.failure}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begin = time.perf_counter()
        undoing.work(job.pk, by_id=job.created_by_id, today=tenant.today(), all_of_it=False)
        answer.send((seconds, peak, time.perf_counter() - begin))
        _clean_up()


def _job(rows: int) -> ImportJob:
    """Uploaded and its columns chosen; checked is only what the run checks anyway."""
    admin = User.objects.filter(role=Role.ADMIN).earliest("pk")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_table(rows))
        job = ImportJob(kind=ImportKind.LEADS, file_name="leads.csv", sha256="0" * 64, created_by=admin)
        with path.open("rb") as file:
            choices.propose(job, open_table(file, "leads.csv"))
            file.seek(0)
            job.file.save("bench.csv", File(file), save=False)
    job.save()
    running.start(job)
    return job


def _table(rows: int) -> Iterator[list[str]]:
    chance = Random("imports")
    yield HEADINGS
    first, last = ("سارا", "علی", "مريم", "رضا", "زهرا"), ("کریمی", "احمدی", "رضايی", "موسوی‌نژاد", "حسینی")
    for number in range(rows):
        yield [
            f"L{number}",
            f"{chance.choice(first)} {chance.choice(last)} {number % 997}",
            f"شركت {number % 4001}",
            f"۰۹{100_000_000 + number}",
            f"person{number}@firm{number % 4001}.example",
            chance.choice(("وب‌سایت", "نمایشگاه", "معرف", "اینستاگرام")),
            f"فروشندهٔ {number % PEOPLE}",
            f"{1400 + number % 5}/{1 + number % 12}/{1 + number % 28}",
        ]


def _clean_up() -> None:
    """So that the other figures meet the firm as it was."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM crm_lead WHERE imported_in_id IS NOT NULL AND deleted_at IS NOT NULL")
    if Lead.with_binned.filter(imported_in__isnull=False, deleted_at__isnull=False).exists():
        raise SystemExit("The bench left leads behind.")
