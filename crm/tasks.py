from celery import shared_task

from crm.importing import running
from crm.services import purge as purging
from tenants import clock, nightly


@shared_task
def check_import(job_id: int) -> None:
    running.check(job_id)


@shared_task
def run_import(job_id: int) -> None:
    running.run(job_id)


@shared_task(**nightly.RETRY)
def purge_bin(run_id: int) -> None:
    nightly.once(run_id, lambda _today: purging.purge(now=clock.now()))
