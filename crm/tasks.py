from datetime import date

from celery import shared_task

from crm.exporting import running as exports
from crm.importing import undoing, working
from crm.intake import clocks, ticking
from crm.lists import bulk as bulk_edits
from crm.lists import undoing as bulk_undoing
from crm.services import purge as purging
from members.models import User
from tenants import clock, nightly


@shared_task
def check_import(job_id: int) -> None:
    working.check(job_id)


@shared_task
def run_import(job_id: int) -> None:
    working.run(job_id)


@shared_task
def undo_import(job_id: int, by_id: int, today: str, all_of_it: bool) -> None:
    undoing.work(job_id, by_id=by_id, today=date.fromisoformat(today), all_of_it=all_of_it)


@shared_task(**nightly.RETRY)
def purge_bin(run_id: int) -> None:
    nightly.once(run_id, lambda _today: purging.purge(now=clock.now()))


@shared_task
def run_bulk_edit(bulk_id: int, today: str) -> None:
    bulk_edits.run(bulk_id, date.fromisoformat(today))


@shared_task
def undo_bulk_edit(bulk_id: int, by_id: int, today: str) -> None:
    bulk_undoing.run(bulk_id, User.objects.get(pk=by_id), date.fromisoformat(today))


@shared_task(public=True)
def tick_clocks() -> int:
    return ticking.send_due(now=clock.now())


@shared_task
def escalate_leads() -> int:
    return clocks.escalate(now=clock.now())


@shared_task
def make_export(job_id: int) -> None:
    exports.make(job_id)


@shared_task(**nightly.RETRY)
def delete_old_files(run_id: int) -> None:
    nightly.once(run_id, lambda _today: exports.delete_old(now=clock.now()))
