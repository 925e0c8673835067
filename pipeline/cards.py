"""One card of the board, as it is printed. A board prints a hundred of them: what can be said once is said once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import Opportunity
from l10n import formats
from pipeline.queries import with_flags

PRINTED = (
    "title", "amount", "stage", "version", "is_open", "closed_on", "push_count", "last_interaction_on",
    "customer__name",
)  # fmt: skip


class Flag(NamedTuple):
    tone: str
    icon: str
    text: str


@dataclass(frozen=True)
class Card:
    pk: int
    version: int
    title: str
    url: str
    move_url: str
    customer: str
    amount: str
    closed: str
    step: str
    due: date | None
    is_open: bool
    is_stale: bool
    flags: list[Flag]


@dataclass(frozen=True)
class Addresses:
    """Addresses of a deal, cut at its number."""

    deal: tuple[str, str]
    move: tuple[str, str]

    @classmethod
    def on_board(cls, query: str) -> "Addresses":
        before, _number, after = reverse("pipeline:move", args=[0]).partition("0")
        deal_before, _number, deal_after = reverse("crm:deal", args=[0]).partition("0")
        return cls((deal_before, deal_after), (before, f"{after}?{query}"))


def with_facts(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    return with_flags(deals, today).select_related("customer").only(*PRINTED)


def card_of(deal: Any, addresses: Addresses) -> Card:
    """From a deal of `with_facts`."""
    return Card(
        pk=deal.pk,
        version=deal.version,
        title=deal.title,
        url=str(deal.pk).join(addresses.deal),
        move_url=str(deal.pk).join(addresses.move),
        customer=deal.customer.name if deal.customer else "",
        amount="" if deal.amount is None else formats.money_short(deal.amount),
        closed="" if deal.is_open else formats.day_short(deal.closed_on),
        step=deal.next_what or "",
        due=deal.next_due,
        is_open=deal.is_open,
        is_stale=deal.is_open and deal.is_stalled,
        flags=list(_flags(deal)) if deal.is_open else [],
    )


def _flags(deal: Any) -> Iterator[Flag]:
    if deal.is_stalled:
        quiet = deal.quiet_days
        text = _("never talked") if quiet is None else _("quiet for %(days)s") % {"days": formats.days(quiet)}
        yield Flag("bad", "stalled", text)
    if deal.is_close_past:
        yield Flag("bad", "calendar", _("close date past"))
    if deal.is_pushed:
        yield Flag("wait", "pushed", _("pushed %(times)s times") % {"times": formats.num(deal.push_count)})
