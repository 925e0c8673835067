"""The ways of writing of the current tenant and user: set once per request, task or mail, read by everything here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["fa", "en"]
Calendar = Literal["jalali", "gregorian"]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Formats:
    """Weekdays are Python's: Monday is 0.

    `money_unit` only matters for IRR: "rial", "toman" (ten rials) or "newrial" (ten thousand, by the law of 2025).

    `today` is the tenant's day when the request began; without it the clock of the time zone is read.
    """

    language: Language = "en"
    calendar: Calendar = "gregorian"
    timezone: tzinfo = _UTC
    currency: str = "USD"
    money_unit: Literal["rial", "toman", "newrial", ""] = ""
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    week_start: int = MONDAY
    today: date | None = None


DEFAULT = Formats()
PERSIAN = Formats(
    language="fa",
    calendar="jalali",
    timezone=ZoneInfo("Asia/Tehran"),
    currency="IRR",
    money_unit="toman",
    weekend=frozenset({THURSDAY, FRIDAY}),
    week_start=SATURDAY,
)

_formats: ContextVar[Formats] = ContextVar("l10n_formats", default=DEFAULT)
current = _formats.get


def activate(formats: Formats) -> None:
    _formats.set(formats)


def deactivate() -> None:
    _formats.set(DEFAULT)


@contextmanager
def using(formats: Formats) -> Iterator[None]:
    token = _formats.set(formats)
    try:
        yield
    finally:
        _formats.reset(token)


def today() -> date:
    """The day it is for the current tenant; the edge's last resort (services are handed `today`)."""
    formats = current()
    return formats.today or datetime.now(UTC).astimezone(formats.timezone).date()
