from django.db.models import QuerySet

from members.models import Invitation, Role, Team, User


def people() -> QuerySet[User]:
    """Everybody, those who left last, in the order of the alphabet."""
    return User.objects.select_related("team").order_by("-is_active", "sort_key", "pk")


def open_invitations() -> QuerySet[Invitation]:
    """Not accepted yet; those too old to be used are kept in the list so that they can be sent again."""
    return Invitation.objects.filter(accepted_at=None).select_related("team", "invited_by")


def teams() -> QuerySet[Team]:
    return Team.objects.select_related("lead")


def takers(person: User) -> QuerySet[User]:
    """Who can take over the work of somebody: all other active members but those who only read."""
    return User.objects.active().exclude(pk=person.pk).exclude(role=Role.EXECUTIVE).order_by("sort_key", "pk")


def taker(person: User, typed: str) -> User | None:
    """The colleague whose id was chosen; None for nobody."""
    return takers(person).filter(pk=int(typed)).first() if typed.isascii() and typed.isdecimal() else None
