"""What the page of a meeting prints, computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import cached_property

from crm.models import Opportunity
from l10n import formats
from members.models import User
from okr.models import KeyResult
from okr.queries import standings
from rituals import access, facts, queries
from rituals.errors import Missing
from rituals.facts import Tile
from rituals.forms import (
    AnswerForm,
    CloseForm,
    CorrectiveForm,
    DecideForm,
    DeferForm,
    DelegateForm,
    NoDecisionForm,
    PresentForm,
    ReasonForm,
    SubjectForm,
    TopicForm,
)
from rituals.models import (
    ActionAppearance,
    AgendaItem,
    Decision,
    ItemKind,
    Meeting,
    MeetingState,
)
from rituals.services import gate
from rituals.services.outcome import AT_MOST_DEFERRED
from tenants import clock

Forms = Mapping[str, forms.Form]


@dataclass(frozen=True)
class Line:
    """One line of the agenda."""

    item: AgendaItem
    number: int
    is_shown: bool
    is_current: bool

    @property
    def head(self) -> str:
        """The customer for a deal, which is what people call it by."""
        return self._parts[0]

    @property
    def tail(self) -> str:
        return self._parts[2]

    @property
    def _parts(self) -> tuple[str, str, str]:
        title = str(self.item)
        return title.partition(" · ") if self.item.kind == ItemKind.DEAL else (title, "", "")


@dataclass(frozen=True)
class Promise:
    """A promise from an earlier meeting, and the form for its answer."""

    row: ActionAppearance
    form: forms.Form
    is_late: bool
    settled_elsewhere: bool

    @property
    def is_open(self) -> bool:
        return not self.row.answer and not self.settled_elsewhere

    @property
    def was_answered_here(self) -> bool:
        return self.row.was_answered_in_the_meeting


@dataclass(frozen=True)
class ChangeGroup:
    code: str
    label: str
    count: int
    amount: str
    deals: list[dict[str, Any]]

    @property
    def others(self) -> int:
        return self.count - len(self.deals)


@dataclass
class Panel:
    """The item in the middle of the page."""

    item: AgendaItem
    tiles: list[Tile] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    groups: list[ChangeGroup] = field(default_factory=list)
    since: datetime | None = None
    rest: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    forms: "dict[str, forms.Form]" = field(default_factory=dict)
    may_defer: bool = True
    previous: AgendaItem | None = None
    next: AgendaItem | None = None

    @property
    def applied(self) -> list[Tile]:
        return [tile for decision in self.decisions for tile in facts.applied(decision.applied)]


@dataclass
class MeetingScreen:
    """The meeting page. `panel` is the shown item; without one the page shows what its state asks for."""

    meeting: Meeting
    user: User
    today: date
    lines: list[Line]
    panel: Panel | None
    decisions: list[Decision]
    missing: list[Missing]
    present: list[User]
    absent: list[User]
    forms: dict[str, forms.Form]
    presenting: bool = False

    @property
    def query(self) -> str:
        """Keeps the presentation view over redirects."""
        return "?present=1" if self.presenting else ""

    @property
    def may_run(self) -> bool:
        return access.may_run(self.user, self.meeting)

    @property
    def is_running(self) -> bool:
        return self.meeting.state == MeetingState.RUNNING

    @property
    def is_wrap_up(self) -> bool:
        return self.meeting.state == MeetingState.WRAP_UP

    @property
    def is_closed(self) -> bool:
        return self.meeting.state == MeetingState.CLOSED

    @property
    def may_decide(self) -> bool:
        return self.may_run and self.meeting.is_during

    @property
    def has_aside(self) -> bool:
        """Before and after the meeting there is neither clock nor closing: the agenda and one card share the page."""
        return self.is_running or self.panel is not None

    @property
    def left_open(self) -> int:
        """Items that may be left for later together."""
        return sum(
            line.item.is_open and line.item.needs_decision and line.item.times_deferred < AT_MOST_DEFERRED
            for line in self.lines
        )

    @property
    def minutes(self) -> int:
        return sum(line.item.planned_minutes for line in self.lines)

    @property
    def budget_seconds(self) -> int:
        return 60 * (self.meeting.current_item.planned_minutes if self.meeting.current_item else 0)

    @property
    def passed_seconds(self) -> int:
        since = self.meeting.current_since or clock.now()
        return max(0, int((clock.now() - since).total_seconds()))

    @property
    def clock(self) -> str:
        """The first reading of the section's clock; the page counts on from here."""
        left = self.budget_seconds - self.passed_seconds
        minutes, seconds = divmod(abs(left), 60)
        return formats.digits(f"{'+' if left < 0 else ''}{minutes:02}:{seconds:02}")

    @cached_property
    def settled(self) -> int:
        return sum(not line.item.is_open for line in self.lines)

    @property
    def needs_reason(self) -> bool:
        return any(line.code in ("G2", "G6") and line.item is None for line in self.missing)

    @property
    def reopenable(self) -> bool:
        closed = self.meeting.closed_at
        return self.may_run and self.is_closed and bool(closed and clock.now() - closed <= timedelta(days=14))


def meeting_screen(
    meeting: Meeting,
    user: User,
    today: date,
    *,
    item: AgendaItem | None = None,
    bound: Forms | None = None,
    missing: Sequence[Missing] | None = None,
    presenting: bool = False,
) -> MeetingScreen:
    """The whole page. `bound` are forms that came back with errors, by name; `missing` is what a refused close said."""
    bound = dict(bound or {})
    items = list(meeting.items.select_related("outcome_by", "delegated_to", "deferred_from__meeting"))
    by_id = {row.pk: row for row in items}
    meeting.current_item = by_id.get(meeting.current_item_id or 0)
    shown = by_id[item.pk] if item else (meeting.current_item if meeting.state == MeetingState.RUNNING else None)
    decisions = list(queries.of_meeting(meeting))
    may_run = access.may_run(user, meeting)
    people = list(User.objects.active()) if may_run and not _is_over(meeting) else []
    attendances = list(meeting.attendances.select_related("member"))
    present = [row.member for row in attendances if row.present]
    screen = MeetingScreen(
        meeting=meeting,
        user=user,
        today=today,
        lines=[
            Line(row, number, is_shown=row == shown, is_current=row.pk == meeting.current_item_id)
            for number, row in enumerate(items, 1)
        ],
        panel=None,
        decisions=decisions,
        missing=list(missing or (gate.missing(meeting) if may_run and meeting.is_during else [])),
        present=present,
        absent=[row.member for row in attendances if not row.present],
        forms=_meeting_forms(meeting, people, present, bound),
        presenting=presenting,
    )
    if shown:
        screen.panel = _panel(shown, screen, people, bound)
    return screen


def _is_over(meeting: Meeting) -> bool:
    return meeting.state in (MeetingState.CLOSED, MeetingState.SKIPPED)


def _meeting_forms(
    meeting: Meeting, people: list[User], present: list[User], bound: Mapping[str, forms.Form]
) -> dict[str, forms.Form]:
    invited = [person.pk for person in (present or queries.invited(meeting, people))]
    unbound: dict[str, forms.Form] = {
        "present": PresentForm(people=people, initial={"present": invited}),
        "close": CloseForm(
            initial={
                "no_decision_code": meeting.no_decision_code,
                "no_decision_reason": meeting.no_decision_reason,
            }
        ),
        "reopen": ReasonForm(key="reopen"),
        "rest": ReasonForm(key="rest"),
        "skip": ReasonForm(key="skip"),
        "subject": SubjectForm(),
    }
    return {name: bound.get(name, form) for name, form in unbound.items()}


def _panel(item: AgendaItem, screen: MeetingScreen, people: list[User], bound: Mapping[str, forms.Form]) -> Panel:
    panel = Panel(
        item=item,
        flags=[facts.flag_label(code) for code in item.flags],
        decisions=[decision for decision in screen.decisions if decision.item_id == item.pk],
        may_defer=item.times_deferred < AT_MOST_DEFERRED,
    )
    fill = {
        ItemKind.ACTIONS: _fill_promises,
        ItemKind.CHANGES: _fill_changes,
        ItemKind.DEAL: _fill_deal,
        ItemKind.KEY_RESULT: _fill_key_result,
        ItemKind.REST: _fill_rest,
        ItemKind.TOPIC: _fill_topic,
    }
    fill[ItemKind(item.kind)](panel, screen, people)
    if screen.may_decide and item.needs_decision and item.is_open:
        panel.forms |= {
            "defer": DeferForm(key=item.pk),
            "delegate": DelegateForm(people=people, key=item.pk),
            "no_decision": NoDecisionForm(initial={"code": "nothing_needed"}, key=item.pk),
        }
    panel.forms |= {name: form for name, form in bound.items() if name in panel.forms}
    places = [line.item for line in screen.lines]
    place = places.index(item)
    panel.previous = places[place - 1] if place else None
    panel.next = places[place + 1] if place + 1 < len(places) else None
    if (answered := next((form for name, form in bound.items() if name.startswith("answer")), None)) is not None:
        panel.promises = [
            Promise(row.row, answered, row.is_late, row.settled_elsewhere) if f"answer{row.row.pk}" in bound else row
            for row in panel.promises
        ]
    return panel


def _fill_promises(panel: Panel, screen: MeetingScreen, _people: list[User]) -> None:
    rows = ActionAppearance.objects.filter(meeting=screen.meeting).select_related(
        "meeting", "action__owner", "action__next_step", "action__opportunity__customer", "action__decision"
    )
    for row in rows:
        step = row.action.next_step
        elsewhere = not row.answer and (not row.action.is_open or bool(step and not step.is_open))
        panel.promises.append(Promise(row, AnswerForm(key=row.pk), row.due_then < screen.today, elsewhere))


def _fill_changes(panel: Panel, _screen: MeetingScreen, _people: list[User]) -> None:
    kept = panel.item.facts
    panel.since = datetime.fromisoformat(kept["since"]) if kept.get("since") else None
    panel.groups = [
        ChangeGroup(row["code"], facts.change_label(row["code"]), row["count"], row["amount"], row["deals"])
        for row in kept.get("groups", [])
    ]


def _fill_rest(panel: Panel, screen: MeetingScreen, _people: list[User]) -> None:
    brought_in = {line.item.opportunity_id for line in screen.lines}
    panel.rest = [
        {**row, "flags": [facts.flag_label(code) for code in row["flags"]]}
        for row in panel.item.facts.get("deals", [])
        if row["id"] not in brought_in
    ]


def _fill_deal(panel: Panel, screen: MeetingScreen, people: list[User]) -> None:
    item = panel.item
    deal: Opportunity | None = None
    if item.opportunity_id:
        deal = facts.live_deals([item.opportunity_id], screen.today).get(item.opportunity_id)
        item.opportunity = deal
    live = facts.deal(deal, facts.trust_of([deal.pk]).get(deal.pk)) if deal and screen.meeting.is_during else None
    panel.tiles = facts.beside(item.facts, live, _seen_on(screen))
    if deal and deal.is_open and item.is_open and screen.may_decide:
        panel.forms["decide"] = DecideForm(deal=deal, by=screen.user, people=people, key=item.pk)


def _fill_key_result(panel: Panel, screen: MeetingScreen, people: list[User]) -> None:
    item = panel.item
    live = None
    if item.key_result_id and screen.meeting.is_during:
        [standing] = standings(KeyResult.objects.filter(pk=item.key_result_id), screen.today)
        item.key_result, live = standing.key_result, facts.key_result(standing)
    panel.tiles = facts.beside(item.facts, live, _seen_on(screen))
    if item.is_open and screen.may_decide:
        owner = item.key_result.owner_id if item.key_result else screen.user.pk
        panel.forms["decide"] = CorrectiveForm(people=people, initial={"owner": owner}, key=item.pk)


def _fill_topic(panel: Panel, screen: MeetingScreen, people: list[User]) -> None:
    if panel.item.is_open and screen.may_decide:
        panel.forms["decide"] = TopicForm(people=people, initial={"owner": screen.user.pk}, key=panel.item.pk)


def _seen_on(screen: MeetingScreen) -> date:
    """Facts are told as of the meeting's day once it has begun: "19 days ago" must not grow afterwards."""
    return screen.today if screen.meeting.is_before or screen.meeting.is_during else screen.meeting.original_day
