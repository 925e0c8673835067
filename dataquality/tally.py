"""Scores, counted in the database: how many records, how many points lost, how much money stands on clean records.

    record score = 100 − weights of the rules that it breaks                        (rules.py)
    score        = the mean of the record scores, each record counting the same     (a small deal as much as a big one)
    dimension    = 100 − the mean points lost to that dimension; so the losses of the three add up to the whole loss
    trust        = the share, by amount, of the open deals that break no rule;
                   a deal without amount weighs as much as the average of the others, so that it cannot hide

All are whole percents, rounded down: 100 means that nothing is missing. Without records there is no score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from crm.models import Entity, Opportunity
from dataquality.rules import FULL, ActiveRule, Dimension, active_rules, judged, loss

Rules = Mapping[Entity, list[ActiveRule]]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Money:
    """Amounts behind a set of deals; the unpriced ones are only counted."""

    deals: int = 0
    clean_deals: int = 0
    amount: Decimal = ZERO
    clean_amount: Decimal = ZERO
    unpriced: int = 0
    clean_unpriced: int = 0

    def __add__(self, other: "Money") -> "Money":
        return Money(*(mine + theirs for mine, theirs in zip(_values(self), _values(other), strict=True)))

    @property
    def total(self) -> Decimal:
        return self.amount + self.unpriced * self._mean if self.amount else Decimal(self.deals)

    @property
    def trusted(self) -> Decimal:
        return self.clean_amount + self.clean_unpriced * self._mean if self.amount else Decimal(self.clean_deals)

    @property
    def trust(self) -> int | None:
        return int(self.trusted * 100 / self.total) if self.deals else None

    @property
    def _mean(self) -> Decimal:
        return self.amount / (self.deals - self.unpriced)


@dataclass(frozen=True)
class Tally:
    """What a set of records lost. `lost` is in points; `by_dimension` holds its parts for the dimensions with rules."""

    records: int = 0
    lost: int = 0
    by_dimension: Mapping[Dimension, int] = field(default_factory=dict)
    money: Money = Money()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.records + other.records,
            self.lost + other.lost,
            {one: self.by_dimension.get(one, 0) + other.by_dimension.get(one, 0) for one in Dimension},
            self.money + other.money,
        )

    @property
    def score(self) -> int | None:
        return self.score_after(0)

    @property
    def exact_score(self) -> float | None:
        return FULL - self.lost / self.records if self.records else None

    def score_after(self, points: int) -> int | None:
        """The score if `points` of what was lost came back."""
        return (FULL * self.records - self.lost + points) // self.records if self.records else None

    def dimension(self, dimension: Dimension) -> int | None:
        lost = self.by_dimension.get(dimension, 0)
        return (FULL * self.records - lost) // self.records if self.records else None

    @property
    def trust(self) -> int | None:
        return self.money.trust


def by_owner(today: date, rules: Rules | None = None) -> dict[int | None, Tally]:
    """The tally of each owner's judged records, ownerless ones under None; one query per entity."""
    rules = rules or active_rules(today)
    found: dict[int | None, Tally] = {}
    for entity in Entity:
        for row in _counted(judged(entity), entity, rules[entity]):
            found[row["owner"]] = found.get(row["owner"], Tally()) + _tally(row)
    return found


def of_owner(owner_id: int, today: date, rules: Rules | None = None) -> Tally:
    """One owner's tally as it is now; cheap enough for each answer to a fix."""
    rules = rules or active_rules(today)
    rows = (
        _tally(row)
        for entity in Entity
        for row in _counted(judged(entity).filter(owner=owner_id), entity, rules[entity])
    )
    return total(rows)


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, start=Tally())


def money_behind(deals: QuerySet[Opportunity], today: date, rules: Rules | None = None) -> Money:
    """The amounts behind a number made of these deals (open or closed ones)."""
    rules = rules or active_rules(today)
    row = deals.order_by().annotate(_lost=loss(rules[Entity.OPPORTUNITY])).aggregate(**_money_columns())
    return _money(row)


def _counted(records: QuerySet[Any], entity: Entity, rules: list[ActiveRule]) -> Iterable[dict[str, Any]]:
    parts = {f"_lost_{one.value}": loss(rules, one) for one in Dimension}
    columns: dict[str, Any] = {f"lost_{one.value}": Sum(f"_lost_{one.value}") for one in Dimension}
    if entity == Entity.OPPORTUNITY:
        columns |= _money_columns()
    grouped = records.annotate(_lost=loss(rules), **parts).values("owner")
    rows: Iterable[dict[str, Any]] = grouped.annotate(records=Count("pk"), lost=Sum("_lost"), **columns)
    return rows


def _money_columns() -> dict[str, Any]:
    clean, unpriced = Q(_lost=0), Q(amount__isnull=True)
    return {
        "deals": Count("pk"),
        "clean_deals": Count("pk", filter=clean),
        "amount_sum": Sum("amount", default=ZERO),
        "clean_amount": Sum("amount", filter=clean, default=ZERO),
        "unpriced": Count("pk", filter=unpriced),
        "clean_unpriced": Count("pk", filter=clean & unpriced),
    }


def _tally(row: Mapping[str, Any]) -> Tally:
    lost = {one: row[f"lost_{one.value}"] for one in Dimension}
    return Tally(row["records"], row["lost"], lost, _money(row) if "deals" in row else Money())


def _money(row: Mapping[str, Any]) -> Money:
    return Money(
        row["deals"],
        row["clean_deals"],
        row["amount_sum"],
        row["clean_amount"],
        row["unpriced"],
        row["clean_unpriced"],
    )


def _values(money: Money) -> tuple[Any, ...]:
    return (
        money.deals,
        money.clean_deals,
        money.amount,
        money.clean_amount,
        money.unpriced,
        money.clean_unpriced,
    )
