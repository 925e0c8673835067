"""Who works on a job: a lock of the worker's own database connection, which ends with the worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection

from tenants.schema import current_schema


@contextmanager
def hold(job_id: int, kind: str = "import") -> Iterator[bool]:
    """Says whether the job is free, and keeps others from it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key(job_id, kind))
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key(job_id, kind))


def is_held(job_id: int, kind: str = "import") -> bool:
    """By any worker, looked up without taking it."""
    first, second = key(job_id, kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = (%s::int8 & 4294967295)::oid AND objid = %s::oid AND pid <> pg_backend_pid())",
            [first, second],
        )
        return bool(cursor.fetchone()[0])


def key(job_id: int, kind: str = "import") -> tuple[int, int]:
    """Numbers of jobs are the same in every firm; the schema tells them apart."""
    return crc32(f"{kind}:{current_schema()}".encode()) - 2**31, job_id
