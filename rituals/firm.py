"""The firm's own calendar. Members may read dates in another one; years and months are counted in it."""

from datetime import date
from typing import Any, cast

from django.db import connection

from l10n import calendars
from l10n.current import Calendar


def calendar() -> Calendar:
    return cast(Calendar, cast(Any, connection).tenant.calendar)


def year_of(day: date) -> int:
    return calendars.parts(day, calendar()).year
