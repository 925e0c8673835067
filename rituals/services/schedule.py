"""Which meetings there will be: made five weeks ahead, each with its agenda two days before."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from charter.models import KeyDecision
from crm.services import playbook as playbooks
from l10n import calendars
from l10n.current import current
from members.models import Role, User
from rituals import firm
from rituals.models import Meeting, MeetingState, Ritual, RitualKind
from rituals.services import agenda
from tenants import clock
from tenants.models import Tenant

HORIZON = timedelta(weeks=5)
DAYS_AHEAD = 2


@transaction.atomic
def install(*, playbook: str, language: str, admin: User) -> list[Ritual]:
    """Makes the rituals of a playbook, led by `admin`, and their first meetings. Does nothing in a firm that has some.

    The pipeline review is on the first day of the firm's week, the OKR review on the day after.
    """
    if Ritual.objects.exists():
        return []
    decisions = {decision.slot: decision for decision in KeyDecision.objects.all()}
    for row in playbooks.read(playbook, language)["rituals"]:
        offset = 0 if row["kind"] == RitualKind.PIPELINE else 1
        Ritual.objects.create(
            kind=row["kind"],
            name=row["name"],
            weekday=(current().week_start + offset) % 7,
            starts_at=row["starts_at"],
            minutes=row["minutes"],
            facilitator=admin,
            serves=decisions.get(row["serves"]),
        )
    ensure_upcoming(today=timezone.localdate(clock.now()))
    return list(Ritual.objects.all())


def provision(tenant: Tenant) -> None:
    """The part of this room in a new firm (see `tenants.provisioning_hooks`)."""
    admin = User.objects.filter(role=Role.ADMIN).earliest("pk")
    install(playbook=tenant.playbook, language=tenant.language, admin=admin)


def ensure_upcoming(*, today: date) -> int:
    """Makes the missing meetings of all active rituals, five weeks ahead; safe to repeat. Returns how many are new."""
    known = set(Meeting.objects.filter(original_day__gte=today).values_list("ritual_id", "original_day"))
    missing = [
        _meeting(ritual, day)
        for ritual in Ritual.objects.filter(active=True)
        for day in days(ritual, today, today + HORIZON)
        if (ritual.pk, day) not in known
    ]
    fresh = [meeting for meeting in missing if meeting.starts_at > clock.now()]
    Meeting.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


@transaction.atomic
def change(
    ritual: Ritual,
    *,
    today: date,
    name: str,
    weekday: int,
    starts_at: time,
    minutes: int,
    facilitator: User,
    members: Iterable[User] = (),
) -> None:
    """Changes a ritual and plans its coming meetings anew.

    Meetings that have an agenda, or items put off to them, keep their day; all coming ones take the new facilitator.
    """
    ritual.name, ritual.weekday, ritual.starts_at = name, weekday, starts_at
    ritual.minutes, ritual.facilitator = minutes, facilitator
    ritual.save(update_fields=["name", "weekday", "starts_at", "minutes", "facilitator"])
    ritual.members.set(members)
    coming = Meeting.objects.filter(ritual=ritual, state__in=MeetingState.before(), starts_at__gt=clock.now())
    coming.filter(state=MeetingState.SCHEDULED, items=None).delete()
    coming.update(facilitator=facilitator)
    ensure_upcoming(today=today)


def days(ritual: Ritual, first: date, last: date) -> Iterator[date]:
    """The ritual's days, both ends included: each week, or the first such weekday of the firm's month."""
    day = first + timedelta((ritual.weekday - first.weekday()) % 7)
    while day <= last:
        if not ritual.monthly or calendars.parts(day, firm.calendar()).day <= 7:
            yield day
        day += timedelta(7)


def next_of(meeting: Meeting) -> Meeting:
    """The next meeting of the ritual that has not begun; made when it lies beyond the horizon."""
    later = Meeting.objects.filter(
        ritual=meeting.ritual, state__in=MeetingState.before(), starts_at__gt=meeting.starts_at
    ).order_by("starts_at")
    return later.first() or from_day(meeting.ritual, meeting.original_day + timedelta(1))


def from_day(ritual: Ritual, day: date) -> Meeting:
    """The ritual's first meeting on or after `day` that has not begun; made when there is none."""
    found = Meeting.objects.filter(ritual=ritual, state__in=MeetingState.before(), original_day__gte=day)
    if (meeting := found.order_by("starts_at").first()) is not None:
        return meeting
    taken = set(Meeting.objects.filter(ritual=ritual, original_day__gte=day).values_list("original_day", flat=True))
    free = next(found for found in days(ritual, day, day + timedelta(days=750)) if found not in taken)
    meeting, _created = Meeting.objects.get_or_create(
        ritual=ritual, original_day=free, defaults={"starts_at": at(ritual, free), "facilitator": ritual.facilitator}
    )
    return meeting


def prepare_due(*, now: datetime) -> int:
    """Builds, or brings up to date, the agendas of the meetings of the next two days. Returns how many."""
    today = timezone.localdate(now)
    due = Meeting.objects.filter(
        state__in=MeetingState.before(), original_day__gte=today, original_day__lte=today + timedelta(DAYS_AHEAD)
    )
    return sum(agenda.build(meeting, today=today, now=now) is not None for meeting in due)


def at(ritual: Ritual, day: date) -> datetime:
    return datetime.combine(day, ritual.starts_at, tzinfo=current().timezone)


def _meeting(ritual: Ritual, day: date) -> Meeting:
    return Meeting(ritual=ritual, original_day=day, starts_at=at(ritual, day), facilitator_id=ritual.facilitator_id)
