from celery import shared_task

from tenants import clock, nightly
from tenants.services import signup


@shared_task(public=True)
def nightly_tick() -> int:
    """Every 15 minutes: starts the jobs of the firms whose night has come, and clears away abandoned sign-ups."""
    signup.forget_abandoned(now=clock.now())
    return nightly.send_due(now=clock.now())


@shared_task(public=True)
def provision(token: str) -> None:
    signup.provision(token, now=clock.now())
