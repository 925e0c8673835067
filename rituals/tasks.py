from celery import shared_task

from rituals import printing
from rituals.models import Minutes
from rituals.services import nightly as night
from rituals.services.minutes import store_pdf
from tenants import nightly


@shared_task(**nightly.RETRY)
def prepare_meetings(run_id: int) -> None:
    nightly.once(run_id, night.run)


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=3)
def print_minutes(minutes_id: int) -> None:
    """Prints the PDF of minutes that have none yet, in the firm's own language."""
    minutes = Minutes.objects.select_related("meeting__ritual").filter(pk=minutes_id, pdf=None).first()
    if minutes is not None:
        store_pdf(minutes, printing.minutes_pdf(minutes))
