from celery import shared_task

from dataquality.services import scoring
from tenants import nightly


@shared_task(**nightly.RETRY)
def score_night(run_id: int) -> None:
    nightly.once(run_id, lambda today: scoring.score_tenant(today=today))
