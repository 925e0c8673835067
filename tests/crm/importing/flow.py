"""What the tests of imports say about a job."""

from collections.abc import Callable

from crm.models import ImportJob

Upload = Callable[..., ImportJob]


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    return job.created, job.updated, job.unchanged, job.rejected


def problems(job: ImportJob) -> list[tuple[int, str, str, bool]]:
    return [(one.row, one.column, one.value, one.rejects) for one in job.problems.all()]
