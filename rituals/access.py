"""Who may read and who may run a meeting.

Everybody in the workspace reads every meeting. It is run by managers, admins and its facilitator, whatever his role.
What does not exist is 404; what one may only read is 403.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from members.models import Role, User
from rituals.models import ActionAppearance, ActionItem, AgendaItem, Decision, Meeting, Minutes, Ritual


def may_run(user: User, meeting: Meeting) -> bool:
    return user.is_manager_or_admin or meeting.facilitator_id == user.pk


def meeting(_user: User, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("ritual__serves", "facilitator"), pk=pk)


def meeting_to_run(user: User, pk: int) -> Meeting:
    return _runnable(user, meeting(user, pk))


def item(_user: User, meeting_pk: int, pk: int) -> AgendaItem:
    return get_object_or_404(_items(), pk=pk, meeting=meeting_pk)


def item_to_run(user: User, pk: int) -> AgendaItem:
    found = get_object_or_404(_items(), pk=pk)
    _runnable(user, found.meeting)
    return found


def appearance_to_run(user: User, pk: int) -> ActionAppearance:
    rows = ActionAppearance.objects.select_related("meeting__ritual__serves", "meeting__facilitator", "action")
    found = get_object_or_404(rows, pk=pk)
    _runnable(user, found.meeting)
    return found


def action_of(user: User, pk: int) -> ActionItem:
    """A promise that its owner, or who runs meetings, may tick off."""
    found = get_object_or_404(ActionItem.objects.select_related("next_step", "owner"), pk=pk)
    if not (user.is_manager_or_admin or found.owner_id == user.pk):
        raise PermissionDenied
    return found


def ritual_for_change(user: User, pk: int) -> Ritual:
    found = get_object_or_404(Ritual.objects.select_related("facilitator"), pk=pk)
    if not user.is_manager_or_admin:
        raise PermissionDenied
    return found


def _items() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.select_related(
        "meeting__ritual__serves", "meeting__facilitator", "opportunity__owner", "opportunity__stage", "key_result"
    )


def _runnable(user: User, found: Meeting) -> Meeting:
    if not may_run(user, found):
        raise PermissionDenied
    return found


def decision(_user: User, pk: int) -> Decision:
    return get_object_or_404(
        Decision.objects.select_related(
            "owner", "decider", "serves", "meeting__ritual", "opportunity__customer", "key_result__objective",
            "superseded_by", "reviewed_by", "recorded_by",
        ),
        pk=pk,
    )  # fmt: skip


def may_review(user: User, found: Decision) -> bool:
    """Who answers for the decision, and those who lead."""
    return user.role != Role.REP or user.pk in (found.owner_id, found.decider_id)


def decision_to_review(user: User, pk: int) -> Decision:
    found = decision(user, pk)
    if not may_review(user, found):
        raise PermissionDenied
    return found


def minutes(_user: User, meeting_pk: int, version: int) -> Minutes:
    """A version of a meeting's minutes; version 0 is the latest."""
    rows = Minutes.objects.filter(meeting=meeting_pk).select_related("meeting__ritual", "issued_by")
    latest = rows.order_by("-version")[:1]
    return get_object_or_404(rows.filter(version=version) if version else rows.filter(pk__in=latest.values("pk")))
