"""Each rule of data quality once: what breaks it, what it costs, what repairs it.

The score of a record is 100 minus the weights of the rules that it breaks. The weights are chosen so that a deal or a
lead that breaks all the rules it can break at a time lands on exactly 0; a customer, of whom little is asked, can lose
little. The same expression serves the nightly score (over all open records) and the badge of one record.

A rule with `asks` is a rule of completeness: it holds only where the firm asks for one of these fields
(`crm.FieldRule`), from the field's stage on. The other rules always hold. Fields that no rule of its own knows share
one, ASKED_EMPTY; with it completeness costs no more than MOST_INCOMPLETE, so that no score falls below 0.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from charter.models import KeyDecision
from crm.fields import asking
from crm.fields.catalog import CUSTOM
from crm.models import Asking, Contact, Customer, Entity, FieldRule, Lead, LeadStatus, Opportunity
from crm.queries import open_steps, rots, without_step
from dataquality.models import Rule
from l10n.current import current

FULL = 100
ASKED_WEIGHT = 10
ENTITIES: dict[type[Model], Entity] = {
    Opportunity: Entity.OPPORTUNITY,
    Lead: Entity.LEAD,
    Customer: Entity.CUSTOMER,
}


class Dimension(TextChoices):
    COMPLETENESS = "completeness", _("Completeness")
    FRESHNESS = "freshness", _("Freshness")
    NEXT_STEP = "next_step", _("Next steps")


@dataclass(frozen=True)
class QualityRule:
    """`broken` is the one definition: a condition on the records of `entity`, for a day of the tenant's calendar."""

    rule: Rule
    entity: Entity
    dimension: Dimension
    weight: int
    broken: Callable[[date], Q]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActiveRule:
    """A rule as it holds in this firm today: the condition is complete, and `serves` is the key decision it feeds."""

    definition: QualityRule
    broken: Q
    serves: KeyDecision | None = None
    # What ASKED_EMPTY asks for.
    rows: tuple[FieldRule, ...] = ()

    @property
    def name(self) -> str:
        return self.definition.rule.value

    @property
    def weight(self) -> int:
        return self.definition.weight


def _blank(field: str) -> Callable[[date], Q]:
    return lambda _today: Q(**{field: ""})


def _null(field: str) -> Callable[[date], Q]:
    return lambda _today: Q(**{f"{field}__isnull": True})


def _no_step(relation: str) -> Callable[[date], Q]:
    return lambda _today: Q(~Exists(open_steps().filter(**{relation: OuterRef("pk")})))


def _step_overdue(relation: str) -> Callable[[date], Q]:
    return lambda today: Q(Exists(open_steps().filter(**{relation: OuterRef("pk")}, due_on__lt=today)))


def _no_decider(_today: date) -> Q:
    # Without a customer there is nobody to mark: that is the other rule's business.
    deciders = Contact.objects.filter(customer=OuterRef("customer"), decides=True)
    return Q(customer__isnull=False) & ~Q(Exists(deciders))


def _unanswered(today: date) -> Q:
    """Still new on the day after it came in."""
    begins = datetime.combine(today, time.min, tzinfo=current().timezone)
    return Q(status=LeadStatus.NEW, captured_at__lt=begins)


def _contacted_without_step(today: date) -> Q:
    # A new lead's next step is the answer; asking for a plan as well would count the same thing twice.
    return Q(status=LeadStatus.CONTACTED) & _no_step("lead")(today)


MOST_INCOMPLETE = {Entity.OPPORTUNITY: 65, Entity.LEAD: 60, Entity.CUSTOMER: 35}
_COMPLETE, _FRESH, _STEP = Dimension.COMPLETENESS, Dimension.FRESHNESS, Dimension.NEXT_STEP
_DEAL, _LEAD, _CUSTOMER = Entity.OPPORTUNITY, Entity.LEAD, Entity.CUSTOMER

RULES: tuple[QualityRule, ...] = (
    QualityRule(Rule.NO_CUSTOMER, _DEAL, _COMPLETE, 15, _null("customer"), asks=("customer",)),
    QualityRule(Rule.NO_AMOUNT, _DEAL, _COMPLETE, 15, _null("amount"), asks=("amount",)),
    QualityRule(Rule.NO_CLOSE_DATE, _DEAL, _COMPLETE, 15, _null("expected_close"), asks=("expected_close",)),
    QualityRule(Rule.NO_DECIDER, _DEAL, _COMPLETE, 10, _no_decider, asks=("decider",)),
    QualityRule(Rule.NO_OWNER, _DEAL, _COMPLETE, 10, _null("owner")),
    QualityRule(Rule.CLOSE_PAST, _DEAL, _FRESH, 15, lambda today: Q(expected_close__lt=today)),
    QualityRule(Rule.STALE, _DEAL, _FRESH, 15, rots),
    QualityRule(Rule.NO_NEXT_STEP, _DEAL, _STEP, 20, without_step),
    QualityRule(Rule.STEP_OVERDUE, _DEAL, _STEP, 10, _step_overdue("opportunity")),
    QualityRule(Rule.LEAD_NO_WAY, _LEAD, _COMPLETE, 30, lambda _today: Q(phone="", email=""), asks=("phone", "email")),
    QualityRule(Rule.LEAD_NO_SOURCE, _LEAD, _COMPLETE, 15, _blank("source"), asks=("source",)),
    QualityRule(Rule.NO_OWNER, _LEAD, _COMPLETE, 15, _null("owner")),
    QualityRule(Rule.LEAD_UNANSWERED, _LEAD, _FRESH, 30, _unanswered),
    QualityRule(Rule.NO_NEXT_STEP, _LEAD, _STEP, 30, _contacted_without_step),
    QualityRule(Rule.STEP_OVERDUE, _LEAD, _STEP, 10, _step_overdue("lead")),
    QualityRule(Rule.CUSTOMER_NO_PHONE, _CUSTOMER, _COMPLETE, 15, _blank("phone"), asks=("phone",)),
    QualityRule(Rule.NO_OWNER, _CUSTOMER, _COMPLETE, 10, _null("owner")),
)


# Fields that a rule of their own knows; and of the others those that point to a row instead of holding a text.
KNOWN = {
    entity: {"owner", *(field for rule in RULES if rule.entity == entity for field in rule.asks)} for entity in Entity
}
ROWS = ("service_owner", "category")


def judged(entity: Entity) -> QuerySet[Any]:
    """The records that count: open deals, live leads, and customers with an open deal."""
    if entity == Entity.OPPORTUNITY:
        return Opportunity.objects.filter(is_open=True).order_by()
    if entity == Entity.LEAD:
        return Lead.objects.filter(status__in=LeadStatus.live()).order_by()
    return Customer.objects.filter(Exists(Opportunity.objects.filter(customer=OuterRef("pk"), is_open=True))).order_by()


def entity_of(record: Model) -> Entity:
    return ENTITIES[type(record)]


def active_rules(today: date) -> dict[Entity, list[ActiveRule]]:
    """The rules that hold in this firm, by entity; one query, for the fields that it asks."""
    asked = {(row.entity, row.field): row for row in FieldRule.objects.select_related("from_stage", "serves")}
    found: dict[Entity, list[ActiveRule]] = {entity: [] for entity in Entity}
    for rule in RULES:
        rows = [asked[rule.entity, field] for field in rule.asks if (rule.entity, field) in asked]
        if rule.asks and not rows:
            continue
        condition = rule.broken(today)
        if rows:
            condition &= _from_stages(rule.entity, rows)
        # Rows are asked at most once per field, so the first that serves something names the decision.
        serves = rows[0].serves if rows else None
        found[rule.entity].append(ActiveRule(rule, condition, serves))
    for entity in Entity:
        rest = [row for (of, field), row in asked.items() if of == entity and field not in KNOWN[entity]]
        if others := _asked_empty(entity, rest):
            found[entity].append(others)
    return found


def _asked_empty(entity: Entity, rows: Iterable[FieldRule]) -> ActiveRule | None:
    """One rule for whatever else the firm asks, own fields too: broken while any of it is empty."""
    live = [row for row in rows if asking.info(entity, row.field)]
    if not live:
        return None
    on_deal = entity == Entity.OPPORTUNITY
    conditions = [_empty(row.field) & (_from_stage(row) if on_deal else Q()) for row in live]
    rule = QualityRule(Rule.ASKED_EMPTY, entity, Dimension.COMPLETENESS, ASKED_WEIGHT, lambda _today: Q())
    return ActiveRule(rule, reduce(or_, conditions), live[0].serves, tuple(live))


def _empty(field: str) -> Q:
    if field.startswith(CUSTOM):
        # Empty values are taken out of `custom`.
        return ~Q(custom__has_key=field.removeprefix(CUSTOM))
    return Q(**{f"{field}__isnull": True}) if field in ROWS else Q(**{field: ""})


def _from_stages(entity: Entity, rows: Iterable[FieldRule]) -> Q:
    """From the stage on that asks for the field; leads and customers know no stages."""
    if entity != Entity.OPPORTUNITY:
        return Q()
    conditions = [_from_stage(row) for row in rows]
    return Q() if Q() in conditions else reduce(or_, conditions)


def _from_stage(row: FieldRule) -> Q:
    # What is needed somewhere is asked everywhere.
    if row.from_stage is None or row.mode == Asking.NEEDED:
        return Q()
    return Q(stage__position__gte=row.from_stage.position)


def loss(rules: Sequence[ActiveRule], dimension: Dimension | None = None) -> Combinable:
    """SQL: the points that a record loses (0 to 100), over all rules or those of one dimension."""
    parts: list[Combinable] = [
        Case(When(rule.broken, then=Value(rule.weight)), default=Value(0), output_field=IntegerField())
        for rule in rules
        if dimension is None or rule.definition.dimension == dimension
    ]
    if not parts:
        return Value(0, IntegerField())
    points = reduce(add, parts)
    extra = next((rule for rule in rules if rule.rows and rule.definition.dimension == dimension), None)
    return Least(points, Value(MOST_INCOMPLETE[extra.definition.entity])) if extra else points


def with_broken(records: QuerySet[Any], rules: Iterable[ActiveRule]) -> QuerySet[Any]:
    """Adds a boolean `broken_<rule>` for each rule; `broken_rules` reads them."""
    annotated: QuerySet[Any] = records.annotate(**{f"broken_{rule.name}": _truth(rule.broken) for rule in rules})
    return annotated


def broken_rules(record: Any, rules: Iterable[ActiveRule]) -> list[ActiveRule]:
    """The rules that a record of `with_broken` breaks, the dearest first."""
    broken = [rule for rule in rules if getattr(record, f"broken_{rule.name}")]
    return sorted(broken, key=lambda rule: -rule.weight)


def _truth(condition: Q) -> Case:
    """True or False, never null: a comparison with an empty day is not broken."""
    return Case(When(condition, then=Value(True)), default=Value(False))
