"""Changing what a colleague is. The firm always keeps one active admin."""

from django.db import transaction

from members import leaving
from members.models import Role, Team, User


class LastAdmin(ValueError):
    """Without this person nobody could administer the firm."""


def change_person(*, person: User, role: Role, team: Team | None, by: User) -> None:
    """Gives a role and a team. Raises LastAdmin when the last active admin would become something else."""
    assert by.is_admin
    with transaction.atomic():
        if role != Role.ADMIN:
            keep_an_admin(without=person)
        person.role, person.team = role, team
        person.save(update_fields=["role", "team"])


def deactivate(*, person: User, by: User, taker: User | None = None) -> None:
    """Ends the person's access at once, open sessions too; their work goes to `taker` or waits in the queue.

    Raises LastAdmin.
    """
    assert by.is_admin
    with transaction.atomic():
        keep_an_admin(without=person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        leaving.run(person=person, taker=taker, by=by)


def reactivate(*, person: User, by: User) -> None:
    assert by.is_admin
    person.is_active = True
    person.save(update_fields=["is_active"])


def keep_an_admin(*, without: User) -> None:
    """Locks the admins' rows first: two admins who leave at the same moment must not both find the other one."""
    admins = list(User.objects.active().filter(role=Role.ADMIN).order_by("pk").select_for_update(of=("self",)))
    if admins == [without]:
        raise LastAdmin


def change_profile(*, person: User, name: str, language: str, calendar: str, theme: str) -> None:
    """One's own name and ways of reading. The sort key follows the name."""
    person.name, person.language, person.calendar, person.theme = name, language, calendar, theme
    person.save(update_fields=["name", "sort_key", "language", "calendar", "theme"])
