"""The lock that every write to a meeting begins with, and the mark that it leaves."""

from members.models import User
from rituals.errors import Stale, WrongState
from rituals.models import Meeting, MeetingEvent, MeetingState
from tenants import clock


def lock(meeting: Meeting | int, *states: MeetingState, version: int | None = None) -> Meeting:
    """The row, locked until the transaction ends, so that two people's clicks come one after the other.

    Raises WrongState when it is in none of `states`, and Stale when `version` is given and not the present one.
    """
    pk = meeting if isinstance(meeting, int) else meeting.pk
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("ritual").get(pk=pk)
    if states and locked.state not in states:
        raise WrongState(locked.state)
    if version is not None and version != locked.version:
        raise Stale
    return locked


def save(meeting: Meeting, *fields: str) -> None:
    """Writes the named fields and counts the version up."""
    meeting.version += 1
    meeting.save(update_fields=[*fields, "version"])


def move(meeting: Meeting, to: MeetingState, *fields: str, by: User | None, reason: str = "") -> None:
    """Sets the state of a locked meeting, writes `fields` with it, and notes the event."""
    MeetingEvent.objects.create(
        meeting=meeting, at=clock.now(), by=by, from_state=meeting.state, to_state=to, reason=reason
    )
    meeting.state = to
    save(meeting, "state", *fields)


def refresh(stale: Meeting, fresh: Meeting) -> None:
    """Brings the caller's object up to date without a query."""
    for field in Meeting._meta.concrete_fields:
        setattr(stale, field.attname, getattr(fresh, field.attname))
    stale._state.fields_cache.pop("current_item", None)
