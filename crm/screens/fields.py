"""The pages about fields: what is asked and for what, and whether it earns its place."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from charter.models import KeyDecision
from crm.fields import asked, asking, catalog, marks, report
from crm.fields.catalog import FieldInfo
from crm.models import Asking, CustomField, Entity, FieldRule, FormChange, MarkKind, Stage
from crm.models.custom_field import CUSTOM_SLOTS
from crm.models.field_rule import BUDGET
from members.models import User

PLURALS: dict[Entity, StrOrPromise] = {
    Entity.LEAD: _("Leads"),
    Entity.CUSTOMER: _("Customers"),
    Entity.OPPORTUNITY: _("Deals"),
}
CHANGES_SHOWN = 30


@dataclass(frozen=True)
class AskedRow:
    rule: FieldRule
    label: str
    records: int
    filled: int

    @property
    def percent(self) -> int | None:
        return round(self.filled * 100 / self.records) if self.records else None


@dataclass(frozen=True)
class EntityCard:
    entity: Entity
    name: StrOrPromise
    asked: list[AskedRow]
    own: list[CustomField]
    budget: int = BUDGET
    slots: int = CUSTOM_SLOTS

    @property
    def ask_url(self) -> str:
        return reverse(f"crm:field_ask_{self.entity.value}")

    @property
    def own_url(self) -> str:
        return reverse(f"crm:own_field_{self.entity.value}")

    @property
    def is_full(self) -> bool:
        return len(self.asked) >= BUDGET

    @property
    def own_is_full(self) -> bool:
        return len(self.own) >= CUSTOM_SLOTS


@dataclass(frozen=True)
class ChangeRow:
    change: FormChange
    entity: StrOrPromise
    marks: list[tuple[str, int]]

    @property
    def has_no_user_origin(self) -> bool:
        """Nobody who fills the form in had said anything: a wish of the admin alone."""
        return not self.marks


def cards() -> list[EntityCard]:
    """One card per entity. Five queries, however many rules and records there are."""
    return [_card(entity) for entity in (Entity.OPPORTUNITY, Entity.CUSTOMER, Entity.LEAD)]


def _card(entity: Entity) -> EntityCard:
    rates = report.fill_rates(entity)
    rows = []
    for name, rule in asked.rules_of(entity).items():
        records, filled, _filler = rates.get(name, (0, 0, 0))
        rows.append(AskedRow(rule, asking.label(entity, name), records, filled))
    own = [field for field in catalog.custom_fields() if field.entity == entity]
    return EntityCard(entity, PLURALS[entity], rows, own)


@dataclass(frozen=True)
class ReportScreen:
    entities: list[tuple[StrOrPromise, list[report.Usage]]]
    changes: list[ChangeRow]

    @property
    def proposals(self) -> int:
        return sum(1 for _name, rows in self.entities for row in rows if row.proposal)


def report_screen(today: date) -> ReportScreen:
    found = report.usage(today)
    return ReportScreen([(PLURALS[entity], rows) for entity, rows in found.items()], changes())


def changes() -> list[ChangeRow]:
    rows = FormChange.objects.select_related("by")[:CHANGES_SHOWN]
    return [ChangeRow(row, Entity(row.entity).label, _spoken(row.marks)) for row in rows]


def _spoken(counted: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(MarkKind(kind).label), count) for kind, count in sorted(counted.items())]


@dataclass(frozen=True)
class WhyScreen:
    """The card of one field, for who fills it in."""

    info: FieldInfo
    rule: FieldRule | None
    serves: KeyDecision | None
    note: str
    who_sees: str
    mine: list[tuple[MarkKind, bool]]


def why_screen(user: User, info: FieldInfo) -> WhyScreen:
    rule = asked.rules_of(info.entity).get(info.name)
    serves = rule.serves if rule else info.custom.serves if info.custom else None
    mine = marks.marks_of(user, info.entity, info.name)
    return WhyScreen(
        info=info,
        rule=rule,
        serves=serves,
        note=asked.note_of(rule) if rule else "",
        who_sees=asked.who_sees(),
        mine=[(kind, kind.value in mine) for kind in MarkKind],
    )


@dataclass(frozen=True)
class StageRow:
    stage: Stage
    deals: int
    needs: list[str]
    is_first: bool
    is_last: bool


def stage_rows() -> list[StageRow]:
    """All stages in order with their deals and what they guard; three queries."""
    counted = Stage.objects.annotate(deals=Count("opportunities", filter=Q(opportunities__deleted_at=None)))
    # Grouping drops the order of the model.
    stages = list(counted.order_by("position"))
    opened = [stage for stage in stages if stage.is_open]
    guards: dict[int, list[str]] = {}
    for name, rule in asked.rules_of(Entity.OPPORTUNITY).items():
        if rule.mode == Asking.NEEDED and rule.from_stage_id:
            guards.setdefault(rule.from_stage_id, []).append(asking.label(Entity.OPPORTUNITY, name))
    return [
        StageRow(
            stage,
            stage.deals,
            guards.get(stage.pk, []),
            not stage.is_open or stage == opened[0],
            not stage.is_open or stage == opened[-1],
        )
        for stage in stages
    ]
