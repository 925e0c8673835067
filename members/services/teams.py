from django.db import IntegrityError, transaction

from members.models import Team, User


class NameTaken(ValueError):
    pass


def create_team(*, name: str, lead: User | None, by: User) -> Team:
    """Raises NameTaken."""
    assert by.is_admin
    return _saved(Team(name=name, lead=lead))


def change_team(*, team: Team, name: str, lead: User | None, by: User) -> Team:
    """Raises NameTaken."""
    assert by.is_admin
    team.name, team.lead = name, lead
    return _saved(team)


def remove_team(*, team: Team, by: User) -> None:
    """Its members stay in the firm, without a team."""
    assert by.is_admin
    team.delete()


def _saved(team: Team) -> Team:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise NameTaken from error
    return team
