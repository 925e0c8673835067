"""Minutes: what a closed meeting leaves behind, frozen, numbered by version, and printed in the background."""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Max

from members.models import User
from rituals import queries
from rituals.models import ActionAppearance, ActionItem, AgendaItem, Attendance, Decision, Meeting, Minutes

Content = dict[str, Any]


def issue(meeting: Meeting, *, by: User, now: datetime) -> Minutes:
    """Freezes a meeting as the next version of its minutes; the PDF follows in the background after the commit.

    Call it in the transaction that closes the meeting. Earlier versions stay readable.
    """
    from rituals.tasks import print_minutes

    latest = meeting.minutes.aggregate(latest=Max("version"))["latest"] or 0
    minutes = Minutes.objects.create(
        meeting=meeting, version=latest + 1, content=content_of(meeting), issued_at=now, issued_by=by
    )
    print_minutes.delay_on_commit(minutes.pk)
    return minutes


def store_pdf(minutes: Minutes, pdf: bytes) -> None:
    """Keeps the printed form with its SHA-256; a second print of the same version changes nothing."""
    Minutes.objects.filter(pk=minutes.pk, pdf=None).update(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    minutes.refresh_from_db()


def content_of(meeting: Meeting) -> Content:
    """Everything the minutes print, as JSON without language: codes, names, texts, ISO days. Nine queries at most."""
    attendances = list(Attendance.objects.filter(meeting=meeting).select_related("member").order_by("member__sort_key"))
    decisions = list(queries.of_meeting(meeting))
    by_item: dict[int | None, list[Decision]] = {}
    for decision in decisions:
        by_item.setdefault(decision.item_id, []).append(decision)
    items = meeting.items.select_related("delegated_to").order_by("position")
    promises = ActionAppearance.objects.filter(meeting=meeting).select_related("action__owner")
    actions = ActionItem.objects.filter(meeting=meeting).select_related("owner").order_by("due_on", "pk")
    return {
        "ritual": meeting.ritual.name,
        "kind": meeting.ritual.kind,
        "starts_at": meeting.starts_at.isoformat(),
        "started_at": _iso(meeting.started_at),
        "ended_at": _iso(meeting.ended_at),
        "facilitator": meeting.facilitator.name,
        "present": [row.member.name for row in attendances if row.present],
        "absent": [row.member.name for row in attendances if not row.present],
        "items": [_item(item, by_item.get(item.pk, [])) for item in items],
        "promises": [_promise(row) for row in promises],
        "actions": [_action(row) for row in actions],
        "decisions": len(decisions),
        "no_decision": {"code": meeting.no_decision_code, "reason": meeting.no_decision_reason},
    }


def _item(item: AgendaItem, decisions: list[Decision]) -> Content:
    return {
        "section": item.section,
        "kind": item.kind,
        "title": str(item),
        "facts": item.facts,
        "flags": item.flags,
        "outcome": item.outcome,
        "code": item.outcome_code,
        "reason": item.outcome_reason,
        "delegated_to": item.delegated_to.name if item.delegated_to else "",
        "until": _iso(item.until),
        "decisions": [_decision(row) for row in decisions],
    }


def _decision(row: Decision) -> Content:
    return {
        "id": row.pk,
        "year": row.year,
        "number": row.number,
        "kind": row.kind,
        "text": row.text,
        "why": row.why,
        "decider": row.decider.name,
        "owner": row.owner.name,
        "due_on": _iso(row.due_on),
        "expected": row.expected,
        "not_measurable_because": row.not_measurable_because,
        "review_on": _iso(row.review_on),
        "applied": row.applied,
    }


def _promise(row: ActionAppearance) -> Content:
    return {
        "text": row.action.text,
        "owner": row.action.owner.name,
        "due_then": _iso(row.due_then),
        "answer": row.answer,
        "new_due_on": _iso(row.new_due_on),
        "reason": row.reason,
    }


def _action(row: ActionItem) -> Content:
    return {"text": row.text, "owner": row.owner.name, "due_on": _iso(row.due_on), "cause": row.cause}


def _iso(value: Any) -> str:
    return value.isoformat() if value else ""
