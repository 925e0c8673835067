"""Rows of meetings. The ritual of a test is the weekly pipeline review on Saturday at 10:00, as in the playbook."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from l10n.current import current
from members.models import User
from rituals.models import (
    ActionAppearance,
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    DecisionKind,
    ItemKind,
    Meeting,
    MeetingState,
    Ritual,
    RitualKind,
    Section,
)
from tenants import clock
from tests.factories.crm import TODAY, an_admin

SATURDAY = 5
_number = count(1)


def make_ritual(kind: str = RitualKind.PIPELINE, **fields: Any) -> Ritual:
    members = fields.pop("members", [])
    fields.setdefault("name", "جلسهٔ قیف فروش" if kind == RitualKind.PIPELINE else "بازبینی ماهانهٔ اهداف")
    fields.setdefault("weekday", SATURDAY)
    fields.setdefault("starts_at", time(10))
    fields.setdefault("facilitator", None)
    fields["facilitator"] = fields["facilitator"] or an_admin()
    ritual = Ritual.objects.create(kind=kind, **fields)
    ritual.members.set(members)
    return ritual


def make_meeting(ritual: Ritual | None = None, *, day: date = TODAY, **fields: Any) -> Meeting:
    """A row in the wanted state, with the times that the state needs."""
    ritual = ritual or make_ritual()
    starts_at = datetime.combine(day, ritual.starts_at, tzinfo=current().timezone)
    state = fields.setdefault("state", MeetingState.SCHEDULED)
    if state in (*MeetingState.during(), MeetingState.CLOSED):
        fields.setdefault("as_of", starts_at)
        fields.setdefault("started_at", starts_at)
        fields.setdefault("current_since", starts_at)
    if state in (MeetingState.WRAP_UP, MeetingState.CLOSED):
        fields.setdefault("ended_at", starts_at + timedelta(minutes=ritual.minutes))
    if state == MeetingState.CLOSED:
        fields.setdefault("closed_at", starts_at + timedelta(minutes=ritual.minutes))
    if state == MeetingState.SKIPPED:
        fields.setdefault("skipped_because", "تعطیل رسمی")
    fields.setdefault("facilitator", ritual.facilitator)
    return Meeting.objects.create(ritual=ritual, original_day=day, starts_at=starts_at, **fields)


def make_item(meeting: Meeting | None = None, **fields: Any) -> AgendaItem:
    """An item about `opportunity` or `key_result` when one is given, else a topic."""
    meeting = meeting or make_meeting(state=MeetingState.RUNNING)
    deal, result = fields.get("opportunity"), fields.get("key_result")
    kind, section, source = ItemKind.TOPIC, Section.OTHER, f"topic:{next(_number)}"
    if deal:
        kind, section, source = ItemKind.DEAL, Section.DECIDE, f"deal:{deal.pk}"
    elif result:
        kind, section, source = ItemKind.KEY_RESULT, Section.KEY_RESULTS, f"key_result:{result.pk}"
    fields.setdefault("kind", kind)
    fields.setdefault("section", section)
    fields.setdefault("source_key", source)
    fields.setdefault("title", str(deal or result or f"موضوع {next(_number)}"))
    fields.setdefault("needs_decision", True)
    fields.setdefault("position", meeting.items.count() + 1)
    return AgendaItem.objects.create(meeting=meeting, **fields)


def make_action(meeting: Meeting, owner: User, *, due_in: int = 7, **fields: Any) -> ActionItem:
    due_on = fields.pop("due_on", TODAY + timedelta(due_in))
    fields.setdefault("text", f"ارسال پیشنهاد {next(_number)}")
    fields.setdefault("original_due_on", due_on)
    fields.setdefault("created_at", clock.now())
    fields.setdefault("created_by", owner)
    return ActionItem.objects.create(meeting=meeting, owner=owner, due_on=due_on, **fields)


def make_appearance(action: ActionItem, meeting: Meeting, **fields: Any) -> ActionAppearance:
    return ActionAppearance.objects.create(action=action, meeting=meeting, due_then=action.due_on, **fields)


def make_decision(owner: User, **fields: Any) -> Decision:
    """A decision of today as a row, with a number that no service has drawn."""
    fields.setdefault("year", 1405)
    fields.setdefault("number", 500 + next(_number))
    fields.setdefault("kind", DecisionKind.NEW_PLAN)
    fields.setdefault("text", f"جلسهٔ حضوری با مدیر مالی {next(_number)}")
    fields.setdefault("expected", "رسیدن به مرحلهٔ قرارداد")
    fields.setdefault("decider", owner)
    fields.setdefault("decided_on", TODAY)
    fields.setdefault("recorded_at", clock.now())
    fields.setdefault("recorded_by", owner)
    return Decision.objects.create(owner=owner, **fields)


def attend(meeting: Meeting, *members: User) -> None:
    Attendance.objects.bulk_create(Attendance(meeting=meeting, member=member) for member in members)
