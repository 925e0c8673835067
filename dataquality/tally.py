"""Scores, counted in the database: how many records, how many points lost, how much money stands on clean records.

    record score = 100 − weights of the rules that it breaks                        (rules.py)
    score        = the mean of the record scores, each record counting the same     (a small deal as much as a big one)
    dimension    = 100 − the mean points lost to that dimension; so the losses of the three add up to the whole loss
    trust        = the share, by amount, of the open deals that break no rule;
                   a deal without amount weighs as much as the average of the others, so that it cannot hide

All are whole percents, rounded down: 100 means that nothing is missing. Without records there is no score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Sum, Value

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
    return _by_owner(rules or active_rules(today), Q())


def of_owner(owner_id: int, today: date, rules: Rules | None = None) -> Tally:
    """One owner's tally as it is now; cheap enough for each answer to a fix."""
    return _by_owner(rules or active_rules(today), Q(owner=owner_id)).get(owner_id, Tally())


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, start=Tally())


def money_behind(deals: QuerySet[Opportunity], today: date, rules: Rules | None = None) -> Money:
    """The amounts behind a number made of these deals (open or closed ones)."""
    rules = rules or active_rules(today)
    rows = deals.order_by().annotate(lost=loss(rules[Entity.OPPORTUNITY])).values_list("amount", "lost")
    return _money(list(rows))


def money_by_stage(deals: QuerySet[Opportunity], today: date) -> dict[int, Money]:
    """The amounts in each stage; added up in the database, for a board may hold 100,000 deals. Three queries."""
    clean = deals.alias(lost=loss(active_rules(today)[Entity.OPPORTUNITY])).filter(lost=0)
    whole, trusted = _sums_by_stage(deals), _sums_by_stage(clean)
    return {stage: _of_sums(sums, trusted.get(stage, (0, 0, None))) for stage, sums in whole.items()}


# How many deals, how many of them with an amount, and its sum.
Sums = tuple[int, int, Decimal | None]


def _sums_by_stage(deals: QuerySet[Opportunity]) -> dict[int, Sums]:
    rows = deals.order_by().values("stage").annotate(deals=Count("pk"), priced=Count("amount"), sum=Sum("amount"))
    return {row["stage"]: (row["deals"], row["priced"], row["sum"]) for row in rows}


def _of_sums(whole: Sums, clean: Sums) -> Money:
    deals, priced, amount = whole
    clean_deals, clean_priced, clean_amount = clean
    return Money(
        deals=deals,
        clean_deals=clean_deals,
        amount=amount or ZERO,
        clean_amount=clean_amount or ZERO,
        unpriced=deals - priced,
        clean_unpriced=clean_deals - clean_priced,
    )


def money_of_groups(groups: Mapping[str, Sequence[int]], today: date) -> dict[str, Money]:
    """The amounts behind each group of deals, by their ids. Two queries."""
    ids = {pk for group in groups.values() for pk in group}
    deals = Opportunity.objects.filter(pk__in=ids).order_by()
    judged_deals = deals.annotate(lost=loss(active_rules(today)[Entity.OPPORTUNITY]))
    rows = {pk: (amount, lost) for pk, amount, lost in judged_deals.values_list("pk", "amount", "lost")}
    return {name: _money([rows[pk] for pk in group if pk in rows]) for name, group in groups.items()}


def _by_owner(rules: Rules, which: Q) -> dict[int | None, Tally]:
    """The database says what each record loses, once; adding up here is cheaper than repeating it in each SUM."""
    found: dict[int | None, Tally] = {}
    for entity in Entity:
        parts = {f"lost_{one.value}": loss(rules[entity], one) for one in Dimension}
        amount = "amount" if entity == Entity.OPPORTUNITY else Value(None, IntegerField())
        rows = judged(entity).filter(which).annotate(**parts).values_list("owner", amount, *parts)
        for owner, mine in groupby(sorted(rows, key=_owner_first), key=itemgetter(0)):
            found[owner] = found.get(owner, Tally()) + _tally([row[1:] for row in mine], with_money=amount == "amount")
    return found


def _owner_first(row: Sequence[Any]) -> int:
    return row[0] or 0


def _tally(rows: Sequence[Sequence[Any]], *, with_money: bool) -> Tally:
    """Rows of an amount and the points lost to each dimension."""
    lost = {one: sum(row[place] for row in rows) for place, one in enumerate(Dimension, 1)}
    money = _money([(row[0], sum(row[1:])) for row in rows]) if with_money else Money()
    return Tally(len(rows), sum(lost.values()), lost, money)


def _money(rows: Sequence[tuple[Decimal | None, int]]) -> Money:
    clean = [amount for amount, lost in rows if not lost]
    return Money(
        deals=len(rows),
        clean_deals=len(clean),
        amount=sum((amount for amount, _lost in rows if amount), ZERO),
        clean_amount=sum((amount for amount in clean if amount), ZERO),
        unpriced=sum(amount is None for amount, _lost in rows),
        clean_unpriced=clean.count(None),
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
