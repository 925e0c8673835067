"""Who may use a view, and who may change which colleague."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from members.models import Invitation, Team, User
from tenants.access import Role, everyone, roles

__all__ = [
    "Role",
    "everyone",
    "invitation_for_change",
    "person_for_change",
    "roles",
    "team_for_change",
]


def check_admin(user: User) -> None:
    if not user.is_admin:
        raise PermissionDenied


def person_for_change(user: User, pk: int) -> User:
    person = get_object_or_404(User.objects.select_related("team"), pk=pk)
    check_admin(user)
    return person


def team_for_change(user: User, pk: int) -> Team:
    team = get_object_or_404(Team, pk=pk)
    check_admin(user)
    return team


def invitation_for_change(user: User, pk: int) -> Invitation:
    """Only an invitation that nobody has accepted yet can still be changed."""
    invitation = get_object_or_404(Invitation, pk=pk, accepted_at=None)
    check_admin(user)
    return invitation
