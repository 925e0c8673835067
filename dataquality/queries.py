"""What other rooms ask about the quality of data."""

from datetime import date, timedelta

from django.db.models import QuerySet

from crm.models import Customer, Lead, Opportunity
from dataquality import tally
from dataquality.models import Issue, OwnerScore
from dataquality.rules import ActiveRule, active_rules, broken_rules, entity_of, judged, with_broken
from l10n import current
from members.models import User


def trust(deals: QuerySet[Opportunity], *, today: date | None = None) -> int | None:
    """The share, by amount, of these deals that break no rule right now, in whole percents; None without deals.

    `today` defaults to the tenant's day. Two queries, however many deals.
    """
    return tally.money_behind(deals, today or current.today()).trust


def record_issues(record: Opportunity | Lead | Customer, today: date) -> list[ActiveRule]:
    """The rules that this record breaks right now, the dearest first. A closed record breaks none."""
    entity = entity_of(record)
    rules = active_rules(today)[entity]
    found = with_broken(judged(entity).filter(pk=record.pk), rules).first()
    return broken_rules(found, rules) if found else []


def is_broken(record: Opportunity | Lead | Customer, rule: ActiveRule) -> bool:
    return bool(judged(entity_of(record)).filter(rule.broken, pk=record.pk).exists())


def open_issues_of(user: User | None) -> QuerySet[Issue]:
    """The open issues of an owner's records as last night (or a fix since then) left them; None for ownerless ones."""
    return Issue.objects.filter(owner=user, resolved_on=None).select_related("opportunity", "lead", "customer")


def latest_score(user: User | None) -> OwnerScore | None:
    """Last night's score of an owner; None for the whole workspace."""
    return OwnerScore.objects.filter(owner=user).order_by("-day").first()


def score_history(user: User | None, days: int, *, until: date | None = None) -> list[OwnerScore]:
    """The scores of the last `days` days, oldest first; nights without a score are missing."""
    until = until or current.today()
    since = until - timedelta(days)
    return list(OwnerScore.objects.filter(owner=user, day__gt=since, day__lte=until).order_by("day"))
