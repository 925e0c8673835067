"""Everybody reads objectives; managers, executives and admins write them; a key result's owner checks in."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from members.access import roles
from members.models import Role, User
from okr.models import Cycle, KeyResult, Objective

WRITERS = (Role.MANAGER, Role.EXECUTIVE, Role.ADMIN)
# The mark of views that write objectives.
writers = roles(*WRITERS)


def may_write(user: User) -> bool:
    return user.role in WRITERS


def may_check_in(user: User, key_result: KeyResult) -> bool:
    return may_write(user) or key_result.owner_id == user.pk


def cycle_for_change(user: User, pk: int) -> Cycle:
    cycle = get_object_or_404(Cycle, pk=pk)
    _writer(user)
    return cycle


def objective(pk: int) -> Objective:
    return get_object_or_404(Objective.objects.select_related("cycle", "team", "owner", "serves"), pk=pk)


def objective_for_change(user: User, pk: int) -> Objective:
    found = objective(pk)
    _writer(user)
    return found


def key_result_for_change(user: User, pk: int) -> KeyResult:
    found = key_result(pk)
    _writer(user)
    return found


def key_result_for_check_in(user: User, pk: int) -> KeyResult:
    found = key_result(pk)
    if not may_check_in(user, found):
        raise PermissionDenied
    return found


def key_result(pk: int) -> KeyResult:
    return get_object_or_404(KeyResult.objects.select_related("objective__cycle", "objective__team", "owner"), pk=pk)


def _writer(user: User) -> None:
    if not may_write(user):
        raise PermissionDenied
