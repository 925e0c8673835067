from typing import Any

from celery import shared_task
from django.core.mail import send_mail as send_now

from members.models import Invitation
from members.services.invitations import mail_of
from tenants import clock
from tenants.schema import current_tenant

MAX_RETRIES = 3


@shared_task(bind=True, max_retries=MAX_RETRIES)
def send_invitation(self: Any, invitation_id: int) -> None:
    """Sends an invitation's mail and keeps what came of it, so that the admin sees a mail that did not go out."""
    invitation = Invitation.objects.filter(pk=invitation_id, accepted_at=None, sent_at=None).first()
    if invitation is None:
        return
    sent = Invitation.objects.filter(pk=invitation_id)
    try:
        mail_of(invitation, current_tenant()).send()
    except OSError as error:  # smtplib's errors are OSErrors too
        sent.update(send_error=str(error)[:200] or type(error).__name__)
        if self.request.retries < MAX_RETRIES and not self.request.is_eager:
            raise self.retry(exc=error, countdown=60 * 4**self.request.retries) from error
        return
    sent.update(sent_at=clock.now(), send_error="")


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=MAX_RETRIES)
def send_mail(subject: str, body: str, to: list[str]) -> None:
    send_now(subject, body, None, to)
