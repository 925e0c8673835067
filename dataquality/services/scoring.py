"""The nightly score, in a fixed number of statements however many records there are. The formulas stand in tally.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from crm.models import Customer, Entity, Lead, Opportunity
from dataquality import tally
from dataquality.models import Issue, OwnerScore
from dataquality.rules import (
    ENTITIES,
    ActiveRule,
    Dimension,
    active_rules,
    broken_rules,
    entity_of,
    judged,
    with_broken,
)
from dataquality.tally import Tally

COLUMNS = ("rule", "owner_id", "weight", "found_on")
ID = BigIntegerField()


@dataclass(frozen=True)
class ScoreSummary:
    """What one night found in the whole workspace; `score` and `trust` are None in an empty one."""

    records: int
    score: int | None
    trust: int | None
    opened: int
    resolved: int
    open_issues: int


@transaction.atomic
def score_tenant(*, today: date) -> ScoreSummary:
    """Opens and resolves the issues of the open tenant and writes today's `OwnerScore` rows (owner null: everybody's).

    Safe to repeat: a second run on the same day finds the same issues and replaces the day's scores. An owner without
    judged records gets no row.
    """
    rules = active_rules(today)
    changes = [_sync(entity, rules[entity], today) for entity in Entity]
    found = tally.by_owner(today, rules)
    everybody = tally.total(found.values())
    open_issues = _count_open()
    OwnerScore.objects.filter(day=today).delete()
    rows = {owner: part for owner, part in found.items() if owner is not None}
    OwnerScore.objects.bulk_create(_row(owner, today, part, open_issues.get(owner, 0)) for owner, part in rows.items())
    if everybody.records:
        _row(None, today, everybody, sum(open_issues.values())).save()
    return ScoreSummary(
        records=everybody.records,
        score=everybody.score,
        trust=everybody.trust,
        opened=sum(opened for opened, _resolved in changes),
        resolved=sum(resolved for _opened, resolved in changes),
        open_issues=sum(open_issues.values()),
    )


@transaction.atomic
def recheck(record: Opportunity | Lead | Customer, *, today: date) -> None:
    """Brings the issues of one record up to date, as the next night would; five statements."""
    entity = entity_of(record)
    rules = active_rules(today)[entity]
    found = with_broken(judged(entity).filter(pk=record.pk), rules).first()
    broken = broken_rules(found, rules) if found else []
    kept = Issue.objects.filter(resolved_on=None, **{entity.value: record.pk})
    kept.exclude(rule__in=[rule.name for rule in broken]).update(resolved_on=today)
    kept.update(owner_id=record.owner_id)
    # Those that are open already stay as they are: the database holds each once.
    values = {"found_on": today, "owner_id": record.owner_id, entity.value: record}
    issues = [Issue(rule=rule.name, weight=rule.weight, **values) for rule in broken]
    Issue.objects.bulk_create(issues, ignore_conflicts=True)


def _sync(entity: Entity, rules: Sequence[ActiveRule], today: date) -> tuple[int, int]:
    """Issues opened and resolved; two statements for each rule."""
    kept = Issue.objects.filter(resolved_on=None, **{f"{entity.value}__isnull": False})
    resolved = kept.exclude(rule__in=[rule.name for rule in rules]).update(resolved_on=today)
    opened = 0
    for rule in rules:
        broken = judged(entity).filter(rule.broken)
        gone = kept.filter(rule=rule.name).exclude(**{f"{entity.value}__in": broken.values("pk")})
        resolved += gone.update(resolved_on=today)
        opened += _open(entity, rule, broken, today)
    _follow_owner(entity, kept)
    return opened, resolved


def _open(entity: Entity, rule: ActiveRule, broken: QuerySet[Any], today: date) -> int:
    """INSERT … SELECT of the issues that are not open yet; returns how many. Django has no expression for it."""
    same = Issue.objects.filter(rule=rule.name, resolved_on=None, **{entity.value: OuterRef("pk")})
    rows = broken.filter(~Exists(same)).annotate(
        _rule=Value(rule.name, CharField()),
        _weight=Value(rule.weight, IntegerField()),
        _found_on=Value(today, DateField()),
    )
    select, params = rows.values_list("pk", "_rule", "owner_id", "_weight", "_found_on").query.sql_with_params()
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(name) for name in (f"{entity.value}_id", *COLUMNS))
    with connection.cursor() as cursor:
        # Nothing here comes from outside: names are the models', values are parameters.
        cursor.execute(
            f"INSERT INTO {quoted(Issue._meta.db_table)} ({columns}) {select} ON CONFLICT DO NOTHING",
            params,
        )
        return int(cursor.rowcount)


def _follow_owner(entity: Entity, kept: QuerySet[Issue]) -> None:
    """An open issue belongs to whoever owns the record now."""
    model = next(model for model, name in ENTITIES.items() if name == entity)
    owner = Subquery(model._default_manager.filter(pk=OuterRef(f"{entity.value}_id")).values("owner_id")[:1])
    # Nobody counts as 0: null is not comparable.
    moved = kept.alias(now=Coalesce(owner, 0, output_field=ID), then=Coalesce("owner_id", 0, output_field=ID)).exclude(
        now=F("then")
    )
    moved.update(owner_id=owner)


def _count_open() -> dict[int | None, int]:
    rows = Issue.objects.filter(resolved_on=None).order_by().values_list("owner").annotate(count=Count("pk"))
    return dict(rows)


def _row(owner: int | None, today: date, part: Tally, open_issues: int) -> OwnerScore:
    return OwnerScore(
        owner_id=owner,
        day=today,
        score=part.score or 0,
        completeness=part.dimension(Dimension.COMPLETENESS),
        freshness=part.dimension(Dimension.FRESHNESS),
        next_step=part.dimension(Dimension.NEXT_STEP),
        records=part.records,
        open_issues=open_issues,
        trusted_amount=part.money.trusted,
        total_amount=part.money.total,
    )
