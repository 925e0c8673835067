from celery import shared_task

from crm.importing import running


@shared_task
def check_import(job_id: int) -> None:
    running.check(job_id)


@shared_task
def run_import(job_id: int) -> None:
    running.run(job_id)
