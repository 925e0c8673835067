"""Read models of the objectives: levels, slots, and how each key result stands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django_stubs_ext import StrOrPromise

from members.models import Team, User
from okr import access
from okr.models import KEY_RESULTS, CheckIn, Cycle, CycleState, KeyResult, Objective, ObjectiveEvent, ObjectiveState
from okr.queries import (
    HEALTHS,
    LABELS,
    TAG_TONES,
    Health,
    Standing,
    active_cycle,
    expected_fraction,
    standings,
    weakest,
)


@dataclass(frozen=True)
class Row:
    """A key result as it stands, and whether the reader may check in."""

    standing: Standing
    may_check_in: bool

    @property
    def key_result(self) -> KeyResult:
        return self.standing.key_result


@dataclass(frozen=True)
class ObjectiveCard:
    objective: Objective
    rows: list[Row]

    @property
    def health(self) -> Health:
        return weakest(row.standing.health for row in self.rows)

    @property
    def label(self) -> StrOrPromise:
        return LABELS[self.health]

    @property
    def tag_tone(self) -> str:
        return TAG_TONES[self.health]

    @property
    def has_room(self) -> bool:
        return len(self.rows) < KEY_RESULTS


@dataclass(frozen=True)
class Level:
    """The firm (`team` None) or a team: a card or None for each slot, and the candidates below."""

    team: Team | None
    slots: list[tuple[int, ObjectiveCard | None]]
    candidates: list[ObjectiveCard]

    @property
    def taken(self) -> int:
        return sum(card is not None for _slot, card in self.slots)

    @property
    def is_full(self) -> bool:
        return self.taken >= len(self.slots)


@dataclass(frozen=True)
class HealthCount:
    label: StrOrPromise
    tone: str
    count: int


@dataclass(frozen=True)
class ObjectivesScreen:
    cycle: Cycle | None
    levels: list[Level]
    drafts: list[Cycle]
    expected: int
    days_left: int
    may_write: bool
    healths: list[HealthCount] = field(default_factory=list)


@dataclass(frozen=True)
class ObjectiveScreen:
    card: ObjectiveCard
    check_ins: list[CheckIn]
    events: list[ObjectiveEvent]
    may_write: bool


def objectives_screen(user: User, today: date, *, cap: int, cycle: Cycle | None = None) -> ObjectivesScreen:
    cycle = cycle or active_cycle()
    may_write = access.may_write(user)
    drafts = list(Cycle.objects.filter(state=CycleState.DRAFT).order_by("starts_on")) if may_write else []
    if cycle is None:
        return ObjectivesScreen(None, [], drafts, 0, 0, may_write)
    cards = _cards(user, today, cycle)
    teams = {card.objective.team_id: card.objective.team for card in cards if card.objective.team}
    order: list[Team | None] = [None, *sorted((team for team in teams.values() if team), key=lambda one: one.sort_key)]
    active = [card for card in cards if card.objective.slot]
    return ObjectivesScreen(
        cycle,
        [_level(team, cards, cap) for team in order],
        drafts,
        expected=round(expected_fraction(cycle, today) * 100),
        days_left=max(0, (cycle.ends_on - today).days),
        may_write=may_write,
        healths=_count(row.standing.health for card in active for row in card.rows),
    )


def objective_screen(user: User, objective: Objective, today: date) -> ObjectiveScreen:
    results = objective.key_results.order_by("position")
    check_ins = list(
        CheckIn.objects.filter(key_result__objective=objective)
        .select_related("key_result", "by")
        .order_by("-day", "-at")
    )
    return ObjectiveScreen(
        ObjectiveCard(objective, rows(user, results, today)),
        check_ins,
        list(objective.events.select_related("by")),
        access.may_write(user),
    )


def rows(user: User, key_results: QuerySet[KeyResult], today: date) -> list[Row]:
    return [Row(one, access.may_check_in(user, one.key_result)) for one in standings(key_results, today)]


def row(user: User, key_result: KeyResult, today: date) -> Row:
    """One key result, fresh."""
    return rows(user, KeyResult.objects.filter(pk=key_result.pk), today)[0]


def _cards(user: User, today: date, cycle: Cycle) -> list[ObjectiveCard]:
    shown = (ObjectiveState.ACTIVE, ObjectiveState.CANDIDATE, ObjectiveState.CLOSED)
    objectives = cycle.objectives.filter(state__in=shown).select_related("team", "owner", "serves")
    found: dict[int, list[Row]] = {}
    results = KeyResult.objects.filter(objective__cycle=cycle).order_by("objective", "position")
    for one in rows(user, results, today):
        found.setdefault(one.key_result.objective_id, []).append(one)
    return [ObjectiveCard(one, found.get(one.pk, [])) for one in objectives.order_by("slot", "pk")]


def _level(team: Team | None, cards: Sequence[ObjectiveCard], cap: int) -> Level:
    mine = [card for card in cards if card.objective.team_id == (team.pk if team else None)]
    in_slot = {card.objective.slot: card for card in mine if card.objective.slot}
    slots = [(slot, in_slot.get(slot)) for slot in range(1, max([cap, *in_slot]) + 1)]
    return Level(team, slots, [card for card in mine if not card.objective.slot])


def _count(healths: Iterable[Health]) -> list[HealthCount]:
    """Worst first, without those that do not occur."""
    counted = Counter(healths)
    return [HealthCount(LABELS[one], TAG_TONES[one], counted[one]) for one in HEALTHS if counted[one]]
