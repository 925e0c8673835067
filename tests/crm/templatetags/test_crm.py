from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from crm.templatetags.crm import due, waiting
from l10n import current
from tests.cast import NOW

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "is_open", "tone", "text"),
    [
        (-2, True, "bad", "۲ روز دیر"),
        (-2, False, "", "۲۸ آبان"),
        (0, True, "wait", "امروز"),
        (0, False, "", "امروز"),
        (1, True, "", "فردا"),
        (3, True, "", "سه‌شنبه"),
        (7, True, "", "۷ آذر"),
    ],
)
def test_due_in_persian(days: int, is_open: bool, tone: str, text: str) -> None:
    with current.using(current.PERSIAN), translation.override("fa"):
        shown = due(TODAY + timedelta(days), TODAY, is_open=is_open)
    assert f'class="tag {tone}"' in shown
    assert f">{text}</time>" in shown


def test_no_day_is_nothing() -> None:
    assert due(None, TODAY) == ""


@pytest.mark.parametrize(
    ("since", "text"),
    [
        (NOW - timedelta(minutes=1), "1 minute"),
        (NOW - timedelta(minutes=59, seconds=59), "59 minutes"),
        (NOW - timedelta(hours=1), "1 hour"),
        (NOW - timedelta(hours=23), "23 hours"),
        (NOW - timedelta(days=2), "2 days"),
        (NOW + timedelta(minutes=5), "0 minutes"),
    ],
)
def test_waiting(since: datetime, text: str) -> None:
    assert waiting(since) == text
