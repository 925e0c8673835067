"""The cards of the board, as they are printed. A board prints a hundred of them: what can be said once is said once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.models import Opportunity
from crm.queries import open_steps
from crm.templatetags.crm import due
from l10n import formats
from l10n.templatetags.parts import icon
from pipeline.ordering import Cursor
from pipeline.queries import PUSHED_TOO_OFTEN, stalled

STEP_LETTERS = 30
COLUMNS = (
    "pk", "version", "title", "amount", "stage_id", "is_open", "closed_on", "expected_close", "push_count",
    "last_interaction_on", "snoozed_until", "snoozed_because", "customer__name",
)  # fmt: skip


class Row(NamedTuple):
    """The values of COLUMNS."""

    pk: int
    version: int
    title: str
    amount: Decimal | None
    stage_id: int
    is_open: bool
    closed_on: date | None
    expected_close: date | None
    push_count: int
    last_interaction_on: date | None
    snoozed_until: date | None
    snoozed_because: str
    customer: str | None

    @property
    def cursor(self) -> Cursor:
        if self.is_open:
            return Cursor(self.expected_close, self.amount, self.pk)
        return Cursor(self.closed_on, None, self.pk)


class Card(NamedTuple):
    pk: int
    title: str
    html: SafeString


@dataclass(frozen=True)
class Printed:
    """Cards by the deal's id, with the stage each is in and what the next page begins after."""

    cards: dict[int, Card]
    stages: dict[int, int]
    cursors: dict[int, Cursor]


def print_cards(ids: Collection[int], today: date, query: str, *, may_write: bool) -> Printed:
    """Three queries, however many: the deals, their earliest steps, and which of them stand still."""
    deals = Opportunity.objects.filter(pk__in=ids).order_by()
    rows = [Row(*values) for values in deals.values_list(*COLUMNS)]
    steps = {
        deal: (what, day)
        for deal, what, day in open_steps()
        .filter(opportunity__in=ids)
        .order_by("opportunity_id", "due_on", "pk")
        .distinct("opportunity_id")
        .values_list("opportunity_id", "what", "due_on")
    }
    still = set(stalled(deals.filter(is_open=True), today).values_list("pk", flat=True))
    words = Words(today, query, may_write=may_write)
    cards = {row.pk: words.card(row, steps.get(row.pk), is_stale=row.pk in still) for row in rows}
    return Printed(cards, {row.pk: row.stage_id for row in rows}, {row.pk: row.cursor for row in rows})


class Words:
    """Draws cards. Not a template: a hundred cards would spend more time there than in the database.

    What all cards of a page have in common is said once: addresses cut at the number, days, words in the reader's
    language. Whatever a user typed goes through `escape`.
    """

    def __init__(self, today: date, query: str, *, may_write: bool) -> None:
        self.today, self.may_write = today, may_write
        before, _number, behind = reverse("pipeline:move", args=[0]).partition("0")
        self.move_url = (escape(before), escape(f"{behind}?{query}"))
        before, _number, behind = reverse("crm:deal", args=[0]).partition("0")
        self.deal_url = (before, behind)
        self.days: dict[date, str] = {}
        self.move, self.more = escape(_("Move")), icon("more")
        self.no_amount = f'<span class="muted">{escape(_("no amount"))}</span>'
        self.no_step = mark("", "", _("no next step"))
        self.close_past = mark("bad", "calendar", _("close date past"))

    def card(self, row: Row, step: tuple[str, date] | None, *, is_stale: bool) -> Card:
        key, title = str(row.pk), escape(row.title)
        html = (
            f'<li class="deal{" stale" if is_stale else ""}" id="deal-{key}" data-version="{row.version}">'
            f'<a class="title" href="{key.join(self.deal_url)}"><bdi>{title}</bdi></a>'
            f"{f'<small><bdi>{escape(row.customer)}</bdi></small>' if row.customer else ''}{self.menu(key, title)}"
            f'<div class="foot">{self.amount(row.amount)}{self.side(row, has_step=step is not None)}</div>'
            f"{self.below(row, step, is_stale=is_stale) if row.is_open else ''}</li>"
        )
        return Card(row.pk, row.title, SafeString(html))

    def menu(self, key: str, title: str) -> str:
        if not self.may_write:
            return ""
        return (
            f'<a class="btn ghost small icon-only" href="{key.join(self.move_url)}" data-menu '
            f'aria-label="{self.move}: {title}">{self.more}</a>'
        )

    def amount(self, amount: Decimal | None) -> str:
        return self.no_amount if amount is None else f'<span class="num">{escape(formats.money_short(amount))}</span>'

    def side(self, row: Row, *, has_step: bool) -> str:
        if row.closed_on:
            return f"<small>{formats.day_short(row.closed_on, self.today)}</small>"
        return "" if has_step else self.no_step

    def below(self, row: Row, step: tuple[str, date] | None, *, is_stale: bool) -> str:
        """What comes next, and what is wrong."""
        lines = (self.step(*step) if step else "", "".join(self.marks(row, is_stale=is_stale)))
        return "".join(f'<div class="foot">{line}</div>' for line in lines if line)

    def step(self, what: str, day: date) -> str:
        if day not in self.days:
            self.days[day] = due(day, self.today)
        short = what if len(what) <= STEP_LETTERS else f"{what[: STEP_LETTERS - 1]}…"
        return f"<small><bdi>{escape(short)}</bdi></small>{self.days[day]}"

    def marks(self, row: Row, *, is_stale: bool) -> Iterator[str]:
        if row.snoozed_until and row.snoozed_until > self.today:
            text = _("rests until %(day)s") % {"day": formats.day_short(row.snoozed_until, self.today)}
            yield mark("", "moon", text, because=row.snoozed_because)
        elif is_stale:
            yield mark("bad", "stalled", self.quiet(row.last_interaction_on))
        if row.expected_close and row.expected_close < self.today:
            yield self.close_past
        if row.push_count >= PUSHED_TOO_OFTEN:
            yield mark("wait", "pushed", _("pushed %(times)s times") % {"times": formats.num(row.push_count)})

    def quiet(self, since: date | None) -> str:
        if since is None:
            return _("never talked")
        return _("quiet for %(days)s") % {"days": formats.days((self.today - since).days)}


def mark(tone: str, picture: str, text: str, because: str = "") -> str:
    title = f' title="{escape(because)}"' if because else ""
    return f'<span class="tag {tone}"{title}>{icon(picture) if picture else ""}{escape(text)}</span>'
