"""Read models of the overview and of the list of all fixes. Who sees what:

a rep his own score; a manager or admin also everybody's, in alphabetical order and never ranked; an executive only the
totals of the firm.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from crm import access
from crm.models import Entity
from dataquality import tally
from dataquality.models import OwnerScore
from dataquality.rules import RULES, ActiveRule, Dimension, QualityRule, active_rules, judged
from dataquality.screens import RecordScreen, Rules, record_fixes, spoilt
from dataquality.tally import Tally
from members.models import User

TREND_DAYS = 30
PAGE_SIZE = 10


@dataclass(frozen=True)
class RuleCount:
    """How many records break a rule, and the points of the score that this costs."""

    rule: ActiveRule
    count: int
    records: int

    @property
    def points(self) -> float:
        return self.rule.weight * self.count / self.records


@dataclass(frozen=True)
class Part:
    dimension: Dimension
    score: int | None


@dataclass(frozen=True)
class ScoreScreen:
    """One score with its reasons, dearest first; `trend` is night by night, oldest first."""

    tally: Tally
    trend: list[int]
    reasons: list[RuleCount]

    @property
    def parts(self) -> list[Part]:
        return [Part(one, self.tally.dimension(one)) for one in Dimension]

    @property
    def last_night(self) -> int | None:
        return self.trend[-1] if self.trend else None

    @property
    def lost(self) -> float:
        return sum(reason.points for reason in self.reasons)

    @property
    def issues(self) -> int:
        return sum(reason.count for reason in self.reasons)


@dataclass(frozen=True)
class OwnerRow:
    owner: User
    tally: Tally
    trend: list[int]

    @property
    def parts(self) -> list[Part]:
        return [Part(one, self.tally.dimension(one)) for one in Dimension]


@dataclass(frozen=True)
class OverviewScreen:
    own: ScoreScreen | None
    firm: ScoreScreen | None
    owners: list[OwnerRow]
    ownerless: Tally
    weights: list[tuple[QualityRule, bool]]


@dataclass(frozen=True)
class AllFixesScreen:
    """Records to repair, page by page. `owner` is "" for all that the user may see, "none" or a person's id."""

    kind: Entity
    kinds: list[tuple[Entity, int]]
    page: "Page[Any]"
    records: list[RecordScreen]
    owners: list[User]
    owner: str


def overview_screen(user: User, today: date) -> OverviewScreen:
    rules = active_rules(today)
    trends = _trends(today)
    found: dict[int | None, Tally] = (
        {user.pk: tally.of_owner(user.pk, today, rules)} if user.is_rep else tally.by_owner(today, rules)
    )
    mine = found.get(user.pk, Tally())
    return OverviewScreen(
        own=_score(mine, trends[user.pk], rules, Q(owner=user)) if mine.records or user.is_rep else None,
        firm=_score(tally.total(found.values()), trends[None], rules, Q()) if not user.is_rep else None,
        owners=_owner_rows(user, found, trends) if user.is_manager_or_admin else [],
        ownerless=found.get(None, Tally()) if user.is_manager_or_admin else Tally(),
        weights=_weights(rules),
    )


def all_fixes_screen(user: User, today: date, *, kind: str, owner: str, page: str) -> AllFixesScreen:
    rules = active_rules(today)
    entity = Entity(kind) if kind in Entity.values else Entity.OPPORTUNITY
    people = list(User.objects.active())
    which = _whose(user, owner)
    counts = [(one, spoilt(one, rules[one], which, today).count()) for one in (Entity.OPPORTUNITY, *_OTHERS)]
    chosen = Paginator(spoilt(entity, rules[entity], which, today), PAGE_SIZE).get_page(page)
    records = [
        RecordScreen(record, entity, record_fixes(user, record, rules[entity], today, people)) for record in chosen
    ]
    return AllFixesScreen(entity, counts, chosen, records, people if user.is_manager_or_admin else [], owner)


_OTHERS = (Entity.LEAD, Entity.CUSTOMER)


def _whose(user: User, owner: str) -> Q:
    if not user.is_manager_or_admin:
        return Q(owner=user)
    seen = access.owned_in_scope(user)
    if owner == "none":
        return Q(owner=None)
    return seen & Q(owner=int(owner)) if owner.isdecimal() else seen


def _score(found: Tally, trend: list[int], rules: Rules, which: Q) -> ScoreScreen:
    reasons = sorted(_counts(rules, which, found.records), key=lambda reason: -reason.points)
    return ScoreScreen(found, trend, reasons)


def _counts(rules: Rules, which: Q, records: int) -> list[RuleCount]:
    """How many records break each rule, without the rules that nobody breaks; one query per entity."""
    found = []
    for entity in Entity:
        columns = {rule.name: Count("pk", filter=rule.broken) for rule in rules[entity]}
        row = judged(entity).filter(which).aggregate(**columns)
        found += [RuleCount(rule, row[rule.name], records) for rule in rules[entity] if row[rule.name]]
    return found


def _trends(today: date) -> Mapping[int | None, list[int]]:
    rows = OwnerScore.objects.filter(day__gt=today - timedelta(TREND_DAYS), day__lte=today)
    trends: dict[int | None, list[int]] = defaultdict(list)
    for owner, score in rows.order_by("day").values_list("owner", "score"):
        trends[owner].append(score)
    return trends


def _owner_rows(
    user: User, found: Mapping[int | None, Tally], trends: Mapping[int | None, list[int]]
) -> list[OwnerRow]:
    people = (
        access.colleagues(user)
        .filter(pk__in=[owner for owner in found if owner is not None])
        .order_by("sort_key", "pk")
    )
    return [OwnerRow(person, found[person.pk], trends[person.pk]) for person in people]


def _weights(rules: Rules) -> list[tuple[QualityRule, bool]]:
    """Every rule, and whether it holds in this firm."""
    holding = {(entity, rule.name) for entity, active in rules.items() for rule in active}
    return [(rule, (rule.entity, rule.rule.value) in holding) for rule in RULES]
