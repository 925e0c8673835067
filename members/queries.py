from django.db.models import QuerySet

from members.models import Invitation, Team, User


def people() -> QuerySet[User]:
    """Everybody, those who left last, in the order of the alphabet."""
    return User.objects.select_related("team").order_by("-is_active", "sort_key", "pk")


def open_invitations() -> QuerySet[Invitation]:
    """Not accepted yet; those too old to be used are kept in the list so that they can be sent again."""
    return Invitation.objects.filter(accepted_at=None).select_related("team", "invited_by")


def teams() -> QuerySet[Team]:
    return Team.objects.select_related("lead")
