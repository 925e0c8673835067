"""A seat in the firm, kept for an e-mail address until its owner takes it."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from members.models import Invitation, Role, Team, User
from tenants.models import Tenant

VALID_FOR = timedelta(days=14)
SALT = "tasmim.invitation"


class AlreadyMember(ValueError):
    """The address belongs to a member; `member.is_active` tells whether they only need to be let in again."""

    def __init__(self, member: User) -> None:
        super().__init__(member.email)
        self.member = member


class AlreadyInvited(ValueError):
    pass


class NotOpen(ValueError):
    """The link is no longer good: used, too old, withdrawn, or never ours."""


def invite(*, email: str, name: str, role: Role, team: Team | None, by: User, now: datetime) -> Invitation:
    """Keeps a seat and sends the mail after the commit. Raises AlreadyMember, AlreadyInvited."""
    assert by.is_admin
    email = email.lower()
    if member := User.objects.filter(email=email).first():
        raise AlreadyMember(member)
    try:
        with transaction.atomic():
            Invitation.objects.filter(email=email, accepted_at=None, expires_at__lte=now).delete()
            invitation = Invitation.objects.create(
                email=email, name=name, role=role, team=team, invited_by=by, created_at=now, expires_at=now + VALID_FOR
            )
            send_after_commit(invitation)
    except IntegrityError as error:
        raise AlreadyInvited from error
    return invitation


def resend(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Sends the same link again, good for another fortnight."""
    assert by.is_admin
    with transaction.atomic():
        invitation.expires_at = now + VALID_FOR
        invitation.sent_at, invitation.send_error = None, ""
        invitation.save(update_fields=["expires_at", "sent_at", "send_error"])
        send_after_commit(invitation)


def withdraw(*, invitation: Invitation, by: User) -> None:
    """The link stops working at once."""
    assert by.is_admin
    invitation.delete()


def accept(*, invitation: Invitation, name: str, password: str, now: datetime) -> User:
    """Makes the invited a member. Raises NotOpen when somebody was faster, ValidationError for a weak password."""
    with transaction.atomic():
        # The lock makes two clicks on the same link one member.
        locked = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
        if locked is None or not locked.is_open(now):
            raise NotOpen
        user = User(email=locked.email, name=name, role=locked.role, team_id=locked.team_id, date_joined=now)
        validate_password(password, user)
        user.set_password(password)
        user.save(force_insert=True)
        locked.accepted_at = now
        locked.save(update_fields=["accepted_at"])
    return user


def send_after_commit(invitation: Invitation) -> None:
    from members.tasks import send_invitation

    send_invitation.delay_on_commit(invitation.pk)


def token_of(invitation: Invitation) -> str:
    return signing.dumps([invitation.pk, invitation.nonce], salt=SALT)


def link_of(invitation: Invitation, tenant: Tenant) -> str:
    return tenant.url(reverse("members:join", args=[token_of(invitation)]))


def read_token(token: str, *, now: datetime) -> Invitation:
    """The open invitation behind a link. Raises NotOpen. The nonce ties a link to this firm's row."""
    try:
        pk, nonce = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotOpen from None
    invitation = Invitation.objects.filter(pk=pk, nonce=nonce).select_related("invited_by", "team").first()
    if invitation is None or not invitation.is_open(now):
        raise NotOpen
    return invitation


def mail_of(invitation: Invitation, tenant: Tenant) -> EmailMessage:
    context = {"invitation": invitation, "tenant": tenant, "link": link_of(invitation, tenant)}
    subject = render_to_string("members/mail/invitation_subject.txt", context)
    body = render_to_string("members/mail/invitation.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[invitation.email])
