"""Read models of the fixes: which repairs come first, with their forms, and what they would give."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from crm import access
from crm.models import Entity, NextStep
from crm.queries import open_steps
from dataquality import reasons, tally
from dataquality.forms import FixForm, form_for
from dataquality.rules import FULL, ActiveRule, active_rules, broken_rules, entity_of, judged, loss, with_broken
from dataquality.tally import Tally
from members.models import Role, User

Rules = Mapping[Entity, Sequence[ActiveRule]]
AT_ONCE = 3
# The dearest fix stands on one of the records that lose most; nobody repairs more than this in one go.
LOOKED_AT = 60


@dataclass(frozen=True)
class Fix:
    """One repair: `form` asks for exactly what is missing. It is None for those who may not change the record."""

    rule: ActiveRule
    record: Any
    form: FixForm | None

    @property
    def entity(self) -> str:
        return self.rule.definition.entity.value

    @property
    def url(self) -> str:
        return reverse("dataquality:fix", args=[self.entity, self.record.pk, self.rule.name])

    @property
    def anchor(self) -> str:
        return f"fix-{self.entity}-{self.record.pk}-{self.rule.name}"

    @property
    def named_reason(self) -> SafeString:
        return reasons.named(self.rule, self.record)

    @property
    def plain_reason(self) -> str:
        return reasons.plain(self.rule, self.record)

    @property
    def late_step(self) -> NextStep | None:
        """The step that is late, for the rule about it."""
        steps = getattr(self.record, "overdue_steps", [])
        return steps[0] if steps and self.rule.name == "step_overdue" else None


@dataclass(frozen=True)
class RecordScreen:
    """One record with everything that is wrong with it."""

    record: Any
    entity: Entity
    fixes: list[Fix]

    @property
    def score(self) -> int:
        return max(0, FULL - sum(fix.rule.weight for fix in self.fixes))


@dataclass(frozen=True)
class FixesScreen:
    """The best repairs of somebody's records, and the score before and after them."""

    fixes: list[Fix]
    tally: Tally
    firm: Tally | None

    @property
    def after(self) -> int | None:
        return self.tally.score_after(sum(fix.rule.weight for fix in self.fixes if fix.record.owner_id is not None))

    @property
    def rises(self) -> bool:
        return self.tally.score is not None and self.after != self.tally.score

    @property
    def decisions(self) -> list[str]:
        """Names of the key decisions that these repairs feed, each once."""
        return list(dict.fromkeys(fix.rule.serves.name for fix in self.fixes if fix.rule.serves))


def fixes_screen(user: User, today: date) -> FixesScreen:
    rules = active_rules(today)
    mine = tally.of_owner(user.pk, today, rules)
    fixes = best_fixes(user, today, rules)
    firm = None if mine.records or fixes else tally.total(tally.by_owner(today, rules).values())
    return FixesScreen(fixes, mine, firm)


def best_fixes(user: User, today: date, rules: Rules) -> list[Fix]:
    """The three that return most points, the bigger deal first; none for those who only read."""
    if not access.may_write(user):
        return []
    found = [
        (rule, record)
        for entity in Entity
        for record in spoilt(entity, rules[entity], todo_of(user), today)[:LOOKED_AT]
        for rule in broken_rules(record, rules[entity])
    ]
    found.sort(key=lambda pair: (-pair[0].weight, -(getattr(pair[1], "amount", None) or 0), pair[1].pk))
    return with_forms(found[:AT_ONCE], user, today)


def todo_of(user: User) -> Q:
    """Whose records somebody repairs: his own; who gives out work also those that nobody owns."""
    mine = Q(owner=user)
    return mine | Q(owner=None) if user.role in (Role.MANAGER, Role.ADMIN) else mine


def spoilt(entity: Entity, rules: Sequence[ActiveRule], which: Q, today: date) -> QuerySet[Any]:
    """Records of `entity` that break a rule, those that lose most first; all that their forms need comes along."""
    records = with_broken(judged(entity).filter(which), rules).annotate(lost=loss(rules)).filter(lost__gt=0)
    return complete(entity, records, today).order_by("-lost", *_bigger_first(entity), "pk")


def complete(entity: Entity, records: QuerySet[Any], today: date) -> QuerySet[Any]:
    if entity == Entity.CUSTOMER:
        return records.select_related("owner")
    late = Prefetch("next_steps", open_steps().filter(due_on__lt=today).order_by("due_on"), to_attr="overdue_steps")
    if entity == Entity.LEAD:
        return records.select_related("owner").prefetch_related(late)
    return records.select_related("owner", "customer", "stage").prefetch_related(late, "customer__contacts")


def record_screen(user: User, record: Any, today: date, failed: Fix | None = None) -> RecordScreen:
    """The record as it is now; `failed` is a fix whose form has errors and takes the place of its fresh one."""
    entity = entity_of(record)
    rules = active_rules(today)[entity]
    found = complete(entity, with_broken(judged(entity).filter(pk=record.pk), rules), today).first()
    if found is None:
        return RecordScreen(record, entity, [])
    fixes = record_fixes(user, found, rules, today)
    return RecordScreen(found, entity, [_instead(fix, failed) for fix in fixes])


def record_fixes(
    user: User, record: Any, rules: Sequence[ActiveRule], today: date, people: Sequence[User] | None = None
) -> list[Fix]:
    broken = broken_rules(record, rules)
    if not access.may_change(user, record):
        return [Fix(rule, record, None) for rule in broken]
    return [Fix(rule, record, form_for(rule, record, today, user, people=people)) for rule in broken]


def with_failed(screen: FixesScreen, failed: Fix) -> FixesScreen:
    """The same list with the typed values and errors of one form; that fix comes first if it has dropped out."""
    fixes = [_instead(fix, failed) for fix in screen.fixes]
    if all(fix is not failed for fix in fixes):
        fixes = [failed, *fixes[: AT_ONCE - 1]]
    return replace(screen, fixes=fixes)


def with_forms(pairs: Sequence[tuple[ActiveRule, Any]], user: User, today: date) -> list[Fix]:
    people = _people() if any(rule.name == "no_owner" for rule, _record in pairs) else None
    return [Fix(rule, record, form_for(rule, record, today, user, people=people)) for rule, record in pairs]


def _people() -> list[User]:
    return list(User.objects.active())


def _instead(fix: Fix, failed: Fix | None) -> Fix:
    return failed if failed and fix.anchor == failed.anchor else fix


def _bigger_first(entity: Entity) -> Iterator[Any]:
    if entity == Entity.OPPORTUNITY:
        yield F("amount").desc(nulls_last=True)
