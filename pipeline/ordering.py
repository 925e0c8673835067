"""The order of the cards in a column, and how to go on after one of them: by its values, without counting places."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from django.db.models import F, Q, QuerySet

from crm.models import Opportunity, Stage

# Won and lost deals stay on the board for a month, as a harvest and for a change of mind.
CLOSED_DAYS = 30
# What closes first stands first; among equals the largest, then the newest. The indexes of the model follow this.
OPEN_ORDER: tuple[Any, ...] = (
    F("expected_close").asc(nulls_last=True),
    F("amount").desc(nulls_last=True),
    F("pk").desc(),
)
CLOSED_ORDER: tuple[Any, ...] = (F("closed_on").desc(), F("pk").desc())


@dataclass(frozen=True)
class Cursor:
    """The last card shown. `day` is the expected close of an open deal, the closing day of another."""

    day: date | None
    amount: Decimal | None
    pk: int

    def __str__(self) -> str:
        return f"{self.day or ''}_{'' if self.amount is None else self.amount}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for anything that is not a cursor."""
        try:
            day, amount, pk = text.split("_")
            read = cls(
                date.fromisoformat(day) if day else None,
                Decimal(amount) if amount else None,
                int(pk),
            )
        except (ValueError, InvalidOperation):
            return None
        within = 0 < read.pk < 2**63 and (read.amount is None or (read.amount.is_finite() and read.amount < 10**20))
        return read if within else None


def recently_closed(today: date) -> Q:
    return Q(is_open=False, closed_on__gt=today - timedelta(CLOSED_DAYS))


def in_column(deals: QuerySet[Opportunity], stage: Stage, today: date) -> QuerySet[Opportunity]:
    """The deals of a stage as the column shows them, in its order."""
    if stage.is_open:
        return deals.filter(stage=stage, is_open=True).order_by(*OPEN_ORDER)
    return deals.filter(recently_closed(today), stage=stage).order_by(*CLOSED_ORDER)


def after(deals: QuerySet[Opportunity], stage: Stage, cursor: Cursor) -> QuerySet[Opportunity]:
    """Those that come later than the cursor in the order of the stage's column."""
    if not stage.is_open:
        return deals.filter(Q(closed_on__lt=cursor.day) | Q(closed_on=cursor.day, pk__lt=cursor.pk))
    smaller = Q(amount=cursor.amount, pk__lt=cursor.pk)
    if cursor.amount is not None:
        smaller |= Q(amount__lt=cursor.amount) | Q(amount=None)
    if cursor.day is None:
        return deals.filter(smaller, expected_close=None)
    same_day = Q(expected_close=cursor.day) & smaller
    return deals.filter(same_day | Q(expected_close__gt=cursor.day) | Q(expected_close=None))
