"""The firm's hours and its days off. The caller has checked that an admin asks."""

from collections.abc import Callable
from datetime import date, time

from django.db import transaction

from tenants.models import Tenant
from tenants.services.provisioning import forget_host

MOST_HOLIDAYS = 400


class TooManyHolidays(Exception):
    """Nobody has so many days off; the table would only grow."""


def change_hours(*, tenant: Tenant, opens_at: time, closes_at: time) -> None:
    """Clocks that run already keep the moment that was promised. Raises ValueError when it closes before it opens."""
    if closes_at <= opens_at:
        raise ValueError("A firm opens before it closes.")
    tenant.opens_at, tenant.closes_at = opens_at, closes_at
    with transaction.atomic():
        tenant.save(update_fields=["opens_at", "closes_at"])
        transaction.on_commit(lambda: forget_host(tenant))


def add_holiday(*, tenant: Tenant, day: date, name: str) -> None:
    """A day that is known already gets the new name."""
    _change(tenant, lambda days: {**days, day.isoformat(): name})


def remove_holiday(*, tenant: Tenant, day: date) -> None:
    _change(tenant, lambda days: {key: name for key, name in days.items() if key != day.isoformat()})


def take_official(*, tenant: Tenant, country: str, first: date, last: date) -> int:
    """Adds the public holidays of a country (ISO code) from `first` to `last`; says how many were new.

    Days of the firm's own keep their names. Raises NotImplementedError for a country we know nothing about.
    """
    official = official_days(country, tenant.language, first, last)
    before = set(tenant.holidays)
    _change(tenant, lambda days: {**official, **days})
    return len(set(tenant.holidays) - before)


def official_days(country: str, language: str, first: date, last: date) -> dict[str, str]:
    import holidays  # large, and needed once a year

    spoken = {"fa": "fa_IR", "en": "en_US"}[language]
    known = holidays.country_holidays(country)
    found = holidays.country_holidays(
        country,
        years=range(first.year, last.year + 1),
        language=spoken if spoken in known.supported_languages else None,
    )
    return {day.isoformat(): " · ".join(found.get_list(day)) for day in found if first <= day <= last}


def _change(tenant: Tenant, edit: Callable[[dict[str, str]], dict[str, str]]) -> None:
    with transaction.atomic():
        locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
        days = edit(locked.holidays)
        if len(days) > MOST_HOLIDAYS:
            raise TooManyHolidays
        tenant.holidays = locked.holidays = dict(sorted(days.items()))
        locked.save(update_fields=["holidays"])
        transaction.on_commit(lambda: forget_host(tenant))
