"""Owners: the colleagues and their teams. New ones own records at once but cannot log in before they are invited."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.importing.matching import Members, squeezed
from crm.importing.plan import Action, Cells, Chunk, Item, Planner, Setup
from crm.importing.values import Wrong, read_email
from members.models import Role, Team, User


class PeoplePlanner(Planner):
    """A person has a name and maybe an e-mail, a team, and a manager who leads it.

    Of somebody who is here already only the team changes. Roles are never raised for members; a manager who is only
    named in the file becomes a person with the role of manager.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.members = Members()
        self.teams = {squeezed(team.name): team for team in Team.objects.select_related("lead")}
        self.leads: dict[str, User] = {}
        self._made_teams = 0
        self._in_rows: set[int] = set()

    def read(self, cells: Cells) -> Item:
        email = cells.read("email", read_email) or ""
        name = cells.text("name", 120) or email.split("@")[0]
        if not name:
            return cells.reject("name", _("Neither a name nor an e-mail: we cannot tell who this is."))
        if first := self.seen_in_row(email or squeezed(name), cells.number):
            return cells.reject("name", _("The same person stands in row %(row)s.") % {"row": first})
        try:
            person = self.members.find(email or name) or self.members.find(name)
        except Wrong as error:
            return cells.reject("name", str(error))
        manager = self._manager(cells)
        team = self._team(cells.text("team", 80), manager)
        item = Item(cells.number, Action.NEW, {"name": name, "team": team, "manager": manager}, record=person)
        # Whoever has an address here can get a password by mail: that is for the admin to give.
        item.shown["email"] = email if self.setup.by.is_admin or person else ""
        if person is None:
            item.record = self.members.make(name, email=str(item.shown["email"]))
            item.record.team = team
        self._in_rows.add(id(item.record))
        return item

    def compare(self, items: Sequence[Item]) -> None:
        for item in items:
            person, team = item.record, item.shown["team"]
            if person.pk is None:
                continue
            differs = team is not None and person.team != team
            item.action = Action.UPDATE if differs else Action.UNCHANGED
            item.differing = {"team": team} if differs else {}

    def write(self, chunk: Chunk) -> None:
        self.members.save_new()
        new_teams = [team for team in self.teams.values() if team.pk is None]
        Team.objects.bulk_create(new_teams)
        changed = []
        for item in chunk.items:
            if item.action in (Action.NEW, Action.UPDATE):
                item.record.team = item.shown["team"]
                changed.append(item.record)
        User.objects.bulk_update([user for user in changed if user.team_id], ["team"], batch_size=500)
        led = [team for team in self.teams.values() if squeezed(team.name) in self.leads and team.lead_id is None]
        for team in led:
            team.lead = self.leads[squeezed(team.name)]
        Team.objects.bulk_update(led, ["lead"])
        self._made_teams += len(new_teams)

    def along_the_way(self) -> dict[str, int]:
        return {
            "teams": self._made_teams + sum(team.pk is None for team in self.teams.values()),
            "managers": sum(id(user) not in self._in_rows for user in self.members.new),
        }

    def _manager(self, cells: Cells) -> User | None:
        name = cells.text("manager", 120)
        if not name:
            return None
        try:
            return self.members.find(name) or self.members.make(name, role=Role.MANAGER)
        except Wrong as error:
            cells.report("manager", str(error))
            return None

    def _team(self, name: str, manager: User | None) -> Team | None:
        """A file may name an office, a manager or both; two managers in one office are two teams."""
        full = " – ".join(part for part in (name, manager.name if manager else "") if part)[:80]
        if not full:
            return None
        team = self.teams.setdefault(squeezed(full), Team(name=full))
        if manager:
            self.leads[squeezed(full)] = manager
        return team
