"""A firm signs up on the bare host; the worker makes its workspace, or the waiting page does when no worker answers."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from kombu.exceptions import OperationalError

from tenants import schema
from tenants.models import Provisioning, Tenant
from tenants.services.addresses import ABANDONED, AddressRefused, Problem, problem_of
from tenants.services.provisioning import create_workspace

logger = logging.getLogger(__name__)

STEPS = ("waiting", "schema", "playbook", "done")
# How long the worker may leave a sign-up untouched before the waiting page makes the workspace itself.
PATIENCE = timedelta(seconds=4)
KEEP_UNFINISHED = timedelta(days=1)
WELCOME_SALT = "tasmim.welcome"
WELCOME_SECONDS = 15 * 60


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the sign-up form asks."""

    name: str
    address: str
    language: str
    calendar: str
    timezone: str
    currency: str
    playbook: str
    admin_name: str
    admin_email: str


def ask_for_workspace(wish: Wish, *, password: str, now: datetime) -> Provisioning:
    """Keeps the sign-up and sends it to the worker after the commit. Call from the public schema.

    Raises AddressRefused; of two sign-ups for one address at the same moment one is refused.
    """
    forget_abandoned(now=now, address=wish.address)
    if problem := problem_of(wish.address, now=now):
        raise AddressRefused(problem)
    try:
        with transaction.atomic():
            signup = Provisioning.objects.create(**vars(wish), password_hash=make_password(password), created_at=now)
            transaction.on_commit(lambda: send_to_worker(signup.token))
    except IntegrityError as error:
        raise AddressRefused(Problem.TAKEN) from error
    return signup


def send_to_worker(token: str) -> None:
    from tenants.tasks import provision

    try:
        provision.apply_async((token,), retry=False)
    except OperationalError:
        logger.warning("No broker: the waiting page makes the workspace itself.")


def provision(token: str, *, now: datetime) -> bool:
    """Makes the workspace of a waiting sign-up; says whether this call did it. Safe to call twice and at once.

    The lock on the row is the claim. The whole work is in its transaction: if the process dies, the sign-up is waiting
    again and nothing else is there. After a failure it is FAILED, with the reason's code in `error`.
    """
    schema.enter_public()
    with transaction.atomic():
        signup = (
            Provisioning.objects.select_for_update(skip_locked=True)
            .filter(token=token, state=Provisioning.State.WAITING)
            .first()
        )
        if signup is None:
            return False
        try:
            with transaction.atomic():
                signup.tenant = make(signup)
            signup.state, signup.error = Provisioning.State.DONE, ""
        except AddressRefused as refusal:
            signup.state, signup.error = Provisioning.State.FAILED, refusal.problem.value
        except Exception:
            logger.exception("A workspace could not be made.")
            signup.state, signup.error = Provisioning.State.FAILED, "internal"
        schema.enter_public()
        finish(signup, now=now)
    return True


def make(signup: Provisioning) -> Tenant:
    fields = (
        "name", "address", "language", "calendar", "timezone", "currency", "playbook", "admin_name", "admin_email",
        "password_hash",
    )  # fmt: skip
    return create_workspace(
        **{field: getattr(signup, field) for field in fields}, on_step=lambda step: note_step(signup.token, step)
    )


def finish(signup: Provisioning, *, now: datetime) -> None:
    signup.finished_at = now
    if signup.state == Provisioning.State.DONE:
        signup.password_hash = ""
    signup.save()


def try_again(signup: Provisioning, *, now: datetime) -> None:
    """Sends a failed sign-up once more. Raises AddressRefused when its address was taken meanwhile."""
    if problem := problem_of(signup.address, now=now):
        raise AddressRefused(problem)
    with transaction.atomic():
        again = Provisioning.objects.filter(pk=signup.pk, state=Provisioning.State.FAILED)
        if again.update(state=Provisioning.State.WAITING, error="", created_at=now, finished_at=None):
            transaction.on_commit(lambda: send_to_worker(signup.token))


def help_waiting(signup: Provisioning, *, now: datetime) -> None:
    """Makes the workspace here when the worker has not taken it up in time."""
    if signup.state == Provisioning.State.WAITING and now - signup.created_at >= PATIENCE:
        provision(signup.token, now=now)
        signup.refresh_from_db()


def step_of(signup: Provisioning) -> str:
    """One of STEPS. The steps before the commit are told through the cache: the transaction is not visible yet."""
    if signup.state == Provisioning.State.DONE:
        return "done"
    return str(cache.get(step_key(signup.token), "waiting"))


def note_step(token: str, step: str) -> None:
    cache.set(step_key(token), step, 120)


def step_key(token: str) -> str:
    return f"signup-step:{token}"


def forget_abandoned(*, now: datetime, address: str | None = None) -> None:
    """Removes sign-ups that nobody finished: for one address after an hour, all after a day."""
    unfinished = Provisioning.objects.exclude(state=Provisioning.State.DONE)
    if address is None:
        unfinished.filter(created_at__lt=now - KEEP_UNFINISHED).delete()
    else:
        unfinished.filter(address=address, created_at__lt=now - ABANDONED).delete()


def welcome_url(signup: Provisioning) -> str:
    """The link that logs the first admin in on the new host: once, and for a quarter of an hour."""
    if signup.tenant is None:
        raise ValueError("This workspace is not ready.")
    key = signing.dumps(signup.pk, salt=WELCOME_SALT)
    return signup.tenant.url(reverse("members:welcome", args=[key], urlconf=settings.ROOT_URLCONF))


def redeem_welcome(key: str, *, tenant: Tenant, now: datetime) -> Provisioning | None:
    """The sign-up behind a link, if it is this firm's and is used for the first time; None otherwise."""
    try:
        pk = signing.loads(key, salt=WELCOME_SALT, max_age=WELCOME_SECONDS)
    except signing.BadSignature:
        return None
    unused = Provisioning.objects.filter(pk=pk, tenant=tenant, entered_at=None)
    return Provisioning.objects.get(pk=pk) if unused.update(entered_at=now) else None
