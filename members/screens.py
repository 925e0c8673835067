from dataclasses import dataclass
from datetime import datetime

from members import queries
from members.models import Invitation, Role, Team, User


@dataclass(frozen=True)
class Seat:
    """An invitation as the list shows it: "expired", "failed", "sending" or "sent"."""

    invitation: Invitation
    state: str


@dataclass(frozen=True)
class PeopleScreen:
    people: list[User]
    left: list[User]
    seats: list[Seat]
    teams: list[tuple[Team, int]]
    may_change: bool


def people_screen(*, user: User, now: datetime) -> PeopleScreen:
    everybody = list(queries.people())
    invitations = queries.open_invitations() if user.is_admin else []
    active = [person for person in everybody if person.is_active]
    return PeopleScreen(
        people=active,
        left=[person for person in everybody if not person.is_active],
        seats=[Seat(invitation, state_of(invitation, now)) for invitation in invitations],
        teams=[(team, sum(person.team_id == team.pk for person in active)) for team in queries.teams()],
        may_change=user.role == Role.ADMIN,
    )


def state_of(invitation: Invitation, now: datetime) -> str:
    if now >= invitation.expires_at:
        return "expired"
    if invitation.sent_at:
        return "sent"
    return "failed" if invitation.send_error else "sending"
