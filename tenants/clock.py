"""The one clock. Everything below the views gets `today` as an argument; this is where that argument comes from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

_stopped: datetime | None = None


def now() -> datetime:
    """The present moment, aware, or the moment a test stopped the clock at."""
    return _stopped or timezone.now()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Stops this clock for the whole process (threads of a live server too). For tests and for made-up history."""
    global _stopped  # noqa: PLW0603
    if timezone.is_naive(moment):
        raise ValueError("The clock wants an aware moment.")
    before, _stopped = _stopped, moment
    try:
        yield
    finally:
        _stopped = before
