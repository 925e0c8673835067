"""The address of a firm: the sub-domain that its people type."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django_tenants.utils import schema_exists

from tenants.models import Domain, Provisioning

ABANDONED = timedelta(hours=1)
SHAPE = re.compile(r"[a-z](?:-?[a-z0-9]){2,29}")
KEPT_FOR_OURSELVES = """
    about account accounts admin administrator alpha analytics api app apps assets auth autodiscover backup beta billing
    blog cdn chat cloud code connect console contact crm dashboard data database demo dev developer developers dns docs
    domain download email embed example fa feedback files forum ftp git graphql guest health help home host hosting
    images img imap info internal invite jobs legal live local localhost log login logout mail mailer manage marketing
    media meet metrics mobile monitor mx mysql network news noreply ns ns1 ns2 office official okr partner payment
    payments pop pop3 postgres postmaster press pricing privacy private prod production proxy public redis register
    root sales secure security server service services sftp shop signin signup site sitemap smtp socket ssh ssl staff
    stage staging static stats status store stream support sysadmin system tasmim team template test testing tmpl
    tools trust update upload valkey verify web webhook webhooks webmail websocket wiki www
"""
RESERVED = frozenset(KEPT_FOR_OURSELVES.split())


class Problem(StrEnum):
    SHAPE = "shape"
    RESERVED = "reserved"
    TAKEN = "taken"


class AddressRefused(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def schema_of(address: str) -> str:
    return address.replace("-", "_")


def host_of(address: str) -> str:
    return f"{address}.{settings.BASE_DOMAIN}"


def problem_of_spelling(address: str) -> Problem | None:
    if not SHAPE.fullmatch(address):
        return Problem.SHAPE
    # PostgreSQL keeps pg_ for itself; "information_schema" is another of its names.
    if address in RESERVED or address.startswith("pg-") or schema_of(address) == "information_schema":
        return Problem.RESERVED
    return None


def problem_of(address: str, *, now: datetime) -> Problem | None:
    """Why this address cannot be had, or None. A sign-up that nobody finished holds it for an hour.

    Needs the public schema.
    """
    if problem := problem_of_spelling(address):
        return problem
    taken = (
        Domain.objects.filter(domain=host_of(address)).exists()
        or Provisioning.objects.filter(
            address=address, state=Provisioning.State.WAITING, created_at__gte=now - ABANDONED
        ).exists()
        or schema_exists(schema_of(address), case_sensitive=False)
    )
    return Problem.TAKEN if taken else None
