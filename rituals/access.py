"""Who may read and who may run a meeting, and who reads which decisions.

Where the firm lets everybody see all records, everybody reads every meeting and decision. Where it does not (see
`crm.access`), a meeting is a room: whoever is in it sees the frozen agenda and the minutes whole, for deciding together
needs one picture; for all others it does not exist. In the room are those who see all records, the facilitator, the
people named in the ritual, and managers while nobody is named. A review of objectives is open to all as long as it
talks about no deal that the reader does not see. A decision is read by those who took it or follow it up, who see its
deal, or were in its room; one about no deal, taken outside of such a meeting, by everybody.

A meeting is run by managers and admins in the room and by its facilitator. What one may only read is 403.
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from crm import access as crm_access
from crm.models import Opportunity
from members.models import Role, User
from rituals.models import ActionAppearance, ActionItem, AgendaItem, Decision, Meeting, Minutes, Ritual, RitualKind

OfMeeting = TypeVar("OfMeeting", AgendaItem, ActionAppearance, Minutes)


def may_run(user: User, meeting: Meeting) -> bool:
    return user.is_manager_or_admin or meeting.facilitator_id == user.pk


def meetings(user: User) -> QuerySet[Meeting]:
    if crm_access.sees_all(user):
        return Meeting.objects.all()
    foreign = AgendaItem.objects.filter(meeting=OuterRef("pk"), opportunity__isnull=False).exclude(
        opportunity__in=_deals(user)
    )
    about_objectives = Q(ritual__kind=RitualKind.OKR) & ~Exists(foreign)
    return Meeting.objects.filter(_in_room(user) | about_objectives)


def decisions(user: User) -> QuerySet[Decision]:
    if crm_access.sees_all(user):
        return Decision.objects.all()
    took_part = Q(owner=user) | Q(decider=user) | Q(recorded_by=user)
    outside = Q(opportunity__isnull=True) & (Q(meeting__isnull=True) | Q(meeting__ritual__kind=RitualKind.OKR))
    rooms = Meeting.objects.filter(_in_room(user)).order_by().values("pk")
    seen = Q(opportunity__in=_deals(user)) | Q(meeting__in=rooms)
    return Decision.objects.filter(took_part | outside | seen)


def _in_room(user: User) -> Q:
    """Of a meeting."""
    named = Ritual.members.through.objects.filter(ritual_id=OuterRef("ritual_id"))
    found = Q(facilitator=user) | Q(ritual__facilitator=user) | Q(Exists(named.filter(user_id=user.pk)))
    return found | ~Q(Exists(named)) if user.is_manager else found


def _deals(user: User) -> QuerySet[Opportunity, Any]:
    return crm_access.opportunities(user).order_by().values("pk")


def meeting(user: User, pk: int) -> Meeting:
    return get_object_or_404(meetings(user).select_related("ritual__serves", "facilitator"), pk=pk)


def meeting_to_run(user: User, pk: int) -> Meeting:
    return _runnable(user, meeting(user, pk))


def item(user: User, meeting_pk: int, pk: int) -> AgendaItem:
    return get_object_or_404(_items(user), pk=pk, meeting=meeting_pk)


def item_to_run(user: User, pk: int) -> AgendaItem:
    found = get_object_or_404(_items(user), pk=pk)
    _runnable(user, found.meeting)
    return found


def appearance_to_run(user: User, pk: int) -> ActionAppearance:
    rows = ActionAppearance.objects.select_related("meeting__ritual__serves", "meeting__facilitator", "action")
    found = get_object_or_404(_in_meetings(rows, user), pk=pk)
    _runnable(user, found.meeting)
    return found


def action_of(user: User, pk: int) -> ActionItem:
    """A promise that its owner, or who runs meetings, may tick off."""
    mine = Q(owner=user) if not crm_access.sees_all(user) and not user.is_manager_or_admin else Q()
    found = get_object_or_404(ActionItem.objects.filter(mine).select_related("next_step", "owner"), pk=pk)
    if not (user.is_manager_or_admin or found.owner_id == user.pk):
        raise PermissionDenied
    return found


def ritual_for_change(user: User, pk: int) -> Ritual:
    found = get_object_or_404(Ritual.objects.select_related("facilitator"), pk=pk)
    if not user.is_manager_or_admin:
        raise PermissionDenied
    return found


def _items(user: User) -> QuerySet[AgendaItem]:
    rows = AgendaItem.objects.select_related(
        "meeting__ritual__serves", "meeting__facilitator", "opportunity__owner", "opportunity__stage", "key_result"
    )
    return _in_meetings(rows, user)


def _in_meetings(rows: QuerySet[OfMeeting], user: User) -> QuerySet[OfMeeting]:
    return rows if crm_access.sees_all(user) else rows.filter(meeting__in=meetings(user).order_by().values("pk"))


def _runnable(user: User, found: Meeting) -> Meeting:
    if not may_run(user, found):
        raise PermissionDenied
    return found


def decision(user: User, pk: int) -> Decision:
    return get_object_or_404(
        decisions(user).select_related(
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


def minutes(user: User, meeting_pk: int, version: int) -> Minutes:
    """A version of a meeting's minutes; version 0 is the latest."""
    of_meeting = Minutes.objects.filter(meeting=meeting_pk).select_related("meeting__ritual", "issued_by")
    rows = _in_meetings(of_meeting, user)
    latest = rows.order_by("-version")[:1]
    return get_object_or_404(rows.filter(version=version) if version else rows.filter(pk__in=latest.values("pk")))
