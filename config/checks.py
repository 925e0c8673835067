"""System checks: what is only safe on one's own machine is refused in production, each with its remedy."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from config import servers


@register(Tags.security)
def production(**_: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    refused = [
        (weak(settings.SECRET_KEY), "E001", "SECRET_KEY is too weak.", "Set it to `openssl rand -base64 48`."),
        (servers.embedded(), "E002", "The embedded servers are for one machine.", "Set DATABASE_URL and REDIS_URL."),
        (settings.DEMO, "E003", "Demo mode shows passwords on the log-in page.", "Unset TASMIM_DEMO."),
        (
            settings.EMAIL_BACKEND.rpartition(".")[0].endswith((".console", ".filebased", ".dummy", ".locmem")),
            "E004",
            "Mails would not be sent.",
            "Unset EMAIL_BACKEND and set EMAIL_HOST and its companions (docs/running.md).",
        ),
        (
            settings.BASE_DOMAIN == "localhost",
            "E005",
            "BASE_DOMAIN is not set.",
            "Set it to the domain whose sub-domains are the tenants' hosts.",
        ),
        (settings.DEBUG, "E006", "DEBUG shows code and settings to strangers.", "Unset DEBUG."),
    ]
    return [Error(text, hint=hint, id=f"tasmim.{number}") for wrong, number, text, hint in refused if wrong]


def weak(secret: str) -> bool:
    return len(secret) < 40 or len(set(secret)) < 10 or secret.startswith("django-insecure-")


@register(Tags.database)
def persian_search(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """With LC_CTYPE=C the trigram index sees no Persian letter: searches would be slow without any error."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('show_trgm') IS NOT NULL")
        (installed,) = cursor.fetchone()
        if not installed:
            return []
        cursor.execute("SELECT show_trgm('علی') <> '{}'")
        (sees,) = cursor.fetchone()
    if sees:
        return []
    return [
        Warning(
            "The database cannot search Persian text: its LC_CTYPE knows no Persian letters.",
            hint="Create it with LC_CTYPE 'C.UTF-8' (CREATE DATABASE … LC_CTYPE 'C.UTF-8' TEMPLATE template0).",
            id="tasmim.W001",
        )
    ]
