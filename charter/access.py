from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from charter.models import KeyDecision
from members.models import User


def key_decision_for_change(user: User, pk: int) -> KeyDecision:
    """One in force; a retired one is history and 404. Only an admin changes key decisions."""
    found = get_object_or_404(KeyDecision.objects.select_related("owner"), pk=pk)
    if not user.is_admin:
        raise PermissionDenied
    return found
