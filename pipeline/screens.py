"""What the board prints: one column per stage, the first cards of each, and how many and how much there are in all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import access
from crm.models import Opportunity, Stage
from members.models import Role, Team, User
from pipeline.cards import Card, Printed, print_cards
from pipeline.ordering import CLOSED_DAYS, Cursor, after, in_column, recently_closed

CARDS = 20
MINE, ALL, NOBODY, TEAM = "mine", "all", "none", "team:"


@dataclass(frozen=True)
class Filter:
    """Whose deals: "mine", "all", "none" (without owner), "team:3" or a member's id."""

    owner: str
    user: User

    @classmethod
    def of(cls, user: User, asked: Mapping[str, str]) -> "Filter":
        owner = asked.get("owner", "")
        known = owner in (MINE, ALL, NOBODY) or _is_id(owner.removeprefix(TEAM))
        return cls(owner if known else MINE if user.role == Role.REP else ALL, user)

    def deals(self) -> QuerySet[Opportunity]:
        deals = access.opportunities(self.user)
        if self.owner == ALL:
            return deals
        if self.owner == NOBODY:
            return deals.filter(owner=None)
        if self.owner.startswith(TEAM):
            members = User.objects.filter(team=int(self.owner.removeprefix(TEAM))).order_by()
            return deals.filter(owner__in=members.values("pk"))
        return deals.filter(owner=self.user.pk if self.owner == MINE else int(self.owner))

    @property
    def query(self) -> str:
        return urlencode({"owner": self.owner})


@dataclass(frozen=True)
class Column:
    """`count` and `amount` are of all deals of the stage on the board, `cards` only the ones shown now."""

    stage: Stage
    cards: Sequence[Card]
    count: int
    amount: Decimal | None
    more_url: str = ""


@dataclass(frozen=True)
class Choices:
    """The options of the filter: fixed ones, teams, and the members who hold an open deal."""

    fixed: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Board:
    columns: Sequence[Column]
    filter: Filter
    choices: Choices
    may_write: bool
    closed_days: int = CLOSED_DAYS

    @property
    def is_filled(self) -> bool:
        return any(column.count for column in self.columns)


def board(user: User, asked: Mapping[str, str], today: date) -> Board:
    """The same nine queries, whatever is on the board."""
    chosen = Filter.of(user, asked)
    deals = chosen.deals()
    stages = list(Stage.objects.order_by("position"))
    totals = _totals(deals, today)
    ids = _first_ids(deals, [stage for stage in stages if stage.pk in totals], today)
    printed = print_cards(ids, today, chosen.query, may_write=access.may_write(user))
    columns = [_column(stage, ids, printed, totals.get(stage.pk, (0, None)), chosen.query) for stage in stages]
    return Board(columns, chosen, _choices(user), access.may_write(user))


def more(stage: Stage, user: User, asked: Mapping[str, str], today: date) -> Column:
    """The next cards of one column, those that come after the card that `after` describes."""
    chosen = Filter.of(user, asked)
    deals = in_column(chosen.deals(), stage, today)
    cursor = Cursor.read(asked.get("after", ""))
    shown = after(deals, stage, cursor) if cursor else deals
    ids = list(shown.values_list("pk", flat=True)[: CARDS + 1])
    printed = print_cards(ids[:CARDS], today, chosen.query, may_write=access.may_write(user))
    return _column(stage, ids[:CARDS], printed, (len(ids), None), chosen.query)


def heads(user: User, asked: Mapping[str, str], stages: Collection[Stage], today: date) -> list[Column]:
    """Some columns without their cards: what a move changes beside the card itself. Two queries."""
    totals = _totals(Filter.of(user, asked).deals().filter(stage__in=stages), today)
    return [Column(stage, [], *totals.get(stage.pk, (0, None))) for stage in stages]


def card(deal: Opportunity, user: User, asked: Mapping[str, str], today: date) -> list[Card]:
    printed = print_cards([deal.pk], today, Filter.of(user, asked).query, may_write=access.may_write(user))
    return list(printed.cards.values())


def _column(
    stage: Stage, ids: Sequence[int], printed: Printed, total: tuple[int, Decimal | None], query: str
) -> Column:
    own = [pk for pk in ids if printed.stages.get(pk) == stage.pk]
    more_url = _more_url(stage, printed.cursors[own[-1]], query) if own and total[0] > len(own) else ""
    return Column(stage, [printed.cards[pk] for pk in own], *total, more_url=more_url)


def _more_url(stage: Stage, last: Cursor, query: str) -> str:
    return f"{reverse('pipeline:column', args=[stage.pk])}?{query}&{urlencode({'after': str(last)})}"


def _totals(deals: QuerySet[Opportunity], today: date) -> dict[int, tuple[int, Decimal | None]]:
    """Stage → how many, how much. Open and closed apart, so that each is counted in an index of its own."""
    found: dict[int, tuple[int, Decimal | None]] = {}
    for part in (deals.filter(is_open=True), deals.filter(recently_closed(today))):
        for row in part.order_by().values("stage").annotate(count=Count("pk"), total=Sum("amount")):
            found[row["stage"]] = (row["count"], row["total"])
    return found


def _first_ids(deals: QuerySet[Opportunity], stages: Sequence[Stage], today: date) -> list[int]:
    """The first cards of each column, in one query."""
    firsts = [in_column(deals, stage, today).values_list("pk", flat=True)[:CARDS] for stage in stages]
    if len(firsts) < 2:
        return [pk for first in firsts for pk in first]
    return list(firsts[0].union(*firsts[1:], all=True))


def _choices(user: User) -> Choices:
    holders = access.opportunities(user).filter(is_open=True).order_by().values("owner")
    people = User.objects.filter(pk__in=holders).order_by("sort_key").values_list("pk", "name")
    teams = Team.objects.order_by("sort_key").values_list("pk", "name")
    return Choices(
        [(MINE, _("My deals")), (ALL, _("All deals")), (NOBODY, _("Deals without owner"))],
        [(f"{TEAM}{pk}", name) for pk, name in teams],
        [(str(pk), name) for pk, name in people],
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
