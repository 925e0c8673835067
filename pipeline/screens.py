"""What the board prints: one column per stage, the first cards of each, and how many and how much there are in all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import access
from crm.models import Opportunity, Stage
from members.models import Role, User
from pipeline.cards import Addresses, Card, card_of, with_facts

CARDS = 20
# Won and lost deals stay on the board for a month, as a harvest and for a change of mind.
CLOSED_DAYS = 30
MINE, ALL, NOBODY = "mine", "all", "none"
OPEN_ORDER = (F("expected_close").asc(nulls_last=True), F("amount").desc(nulls_last=True), F("pk").desc())
CLOSED_ORDER = (F("closed_on").desc(), F("updated_at").desc(), F("pk").desc())


@dataclass(frozen=True)
class Filter:
    """Whose deals: "mine", "all", "none" (without owner) or a member's id."""

    owner: str
    user: User

    @classmethod
    def of(cls, user: User, asked: Mapping[str, str]) -> "Filter":
        owner = asked.get("owner", "")
        known = owner in (MINE, ALL, NOBODY) or (owner.isascii() and owner.isdecimal() and len(owner) < 19)
        return cls(owner if known else MINE if user.role == Role.REP else ALL, user)

    def deals(self) -> QuerySet[Opportunity]:
        deals = access.opportunities(self.user)
        if self.owner == ALL:
            return deals
        if self.owner == NOBODY:
            return deals.filter(owner=None)
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
    offset: int
    query: str

    @property
    def rest(self) -> int:
        return max(self.count - self.offset - CARDS, 0)

    @property
    def more_url(self) -> str:
        url = reverse("pipeline:column", args=[self.stage.pk])
        return f"{url}?{self.query}&offset={self.offset + CARDS}"


@dataclass(frozen=True)
class Board:
    columns: Sequence[Column]
    filter: Filter
    owners: Sequence[tuple[str, str]]
    may_write: bool
    closed_days: int = CLOSED_DAYS

    @property
    def is_empty(self) -> bool:
        return not any(column.count for column in self.columns)


def board(user: User, asked: Mapping[str, str], today: date, *, moved: int | None = None) -> Board:
    """Five queries, whatever is on the board. The deal `moved` just now is shown first, wherever it would stand."""
    chosen = Filter.of(user, asked)
    stages = list(Stage.objects.order_by("position"))
    deals = on_board(chosen.deals(), today)
    totals = _totals(deals)
    cards = _first_cards(deals, [stage for stage in stages if stage.pk in totals], today, chosen.query, moved)
    columns = []
    for stage in stages:
        count, amount = totals.get(stage.pk, (0, None))
        columns.append(Column(stage, cards[stage.pk], count, amount, offset=0, query=chosen.query))
    return Board(columns, chosen, _owners(), access.may_write(user))


def column(stage: Stage, user: User, asked: Mapping[str, str], today: date) -> Column:
    """The next cards of one column, after the `offset` asked for."""
    chosen = Filter.of(user, asked)
    offset = asked.get("offset", "")
    start = min(int(offset), 1_000_000) if offset.isascii() and offset.isdecimal() else 0
    deals = on_board(chosen.deals(), today).filter(stage=stage)
    totals = deals.aggregate(count=Count("pk"), total=Sum("amount"))
    shown = with_facts(deals, today).order_by(*_order(stage))[start : start + CARDS]
    addresses = Addresses.on_board(chosen.query)
    cards = [card_of(deal, addresses) for deal in shown]
    return Column(stage, cards, totals["count"], totals["total"], start, chosen.query)


def on_board(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    return deals.filter(Q(is_open=True) | Q(closed_on__gt=today - timedelta(CLOSED_DAYS)))


def _totals(deals: QuerySet[Opportunity]) -> dict[int, tuple[int, Decimal | None]]:
    """Stage → how many, how much."""
    rows = deals.order_by().values("stage").annotate(count=Count("pk"), total=Sum("amount"))
    return {row["stage"]: (row["count"], row["total"]) for row in rows}


def _first_cards(
    deals: QuerySet[Opportunity], stages: Sequence[Stage], today: date, query: str, moved: int | None
) -> defaultdict[int, list[Card]]:
    """Two queries for all columns: which cards, then what stands on them."""
    cards: defaultdict[int, list[Card]] = defaultdict(list)
    firsts = [
        deals.filter(stage=stage).order_by(*_order(stage)).values_list("pk", flat=True)[:CARDS] for stage in stages
    ]
    if not firsts:
        return cards
    order = list(firsts[0].union(*firsts[1:], all=True) if len(firsts) > 1 else firsts[0])
    place = {pk: number for number, pk in enumerate(order)}
    if moved and moved not in place:
        place[moved] = -1
    shown = with_facts(deals.filter(pk__in=place), today)
    addresses = Addresses.on_board(query)
    for deal in sorted(shown, key=lambda deal: place[deal.pk]):
        cards[deal.stage_id].append(card_of(deal, addresses))
    return cards


def _order(stage: Stage) -> Sequence[Any]:
    return OPEN_ORDER if stage.is_open else CLOSED_ORDER


def _owners() -> list[tuple[str, str]]:
    """Mine, all, nobody's, and each member with an open deal."""
    holders = User.objects.filter(pk__in=Opportunity.objects.filter(is_open=True).values("owner")).order_by("sort_key")
    fixed = [(MINE, _("My deals")), (ALL, _("All deals")), (NOBODY, _("Deals without owner"))]
    return fixed + [(str(pk), name) for pk, name in holders.values_list("pk", "name")]
