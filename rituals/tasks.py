from celery import shared_task

from rituals.services import nightly as night
from tenants import nightly


@shared_task(**nightly.RETRY)
def prepare_meetings(run_id: int) -> None:
    nightly.once(run_id, night.run)
