"""One field for "with whom?": finds customers, open deals and leads by a few letters, and reads what came back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F, QuerySet
from django.db.models.lookups import StartsWith
from django.utils.translation import gettext as _

from crm import access, queries
from crm.models import Customer, Lead, LeadStatus, Opportunity
from l10n import text
from l10n.fields import search_filter
from members.models import User

Kind = Literal["customer", "deal", "lead"]
KINDS: tuple[Kind, ...] = ("customer", "deal", "lead")
CREATABLE: tuple[Kind, ...] = ("customer", "lead")
Record = Customer | Opportunity | Lead
EACH = 4


@dataclass(frozen=True)
class NewRecord:
    """A name that nothing is called yet, and what it shall become."""

    kind: Kind
    name: str


Picked = Record | NewRecord


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    note: str


class NotFound(Exception):
    """The typed name fits no record, or several. `options` are what the user may have meant."""

    def __init__(self, options: Sequence[Option]) -> None:
        self.options = tuple(options)
        super().__init__()


def options(user: User, query: str, kinds: Sequence[Kind] = KINDS) -> list[Option]:
    """What fits the query, the best of each kind first; without a query what was touched last."""
    found = [option_of(record) for kind in kinds for record in _search(user, kind, query)[:EACH]]
    return [*found, *new_options(query, kinds)]


def new_options(query: str, kinds: Iterable[Kind]) -> list[Option]:
    name = text.clean_line(query)
    labels = {"customer": _("New customer"), "lead": _("New lead")}
    return [Option(f"new:{kind}", name, labels[kind]) for kind in CREATABLE if name and kind in kinds]


def ref_of(record: Record) -> str:
    kind = {Customer: "customer", Opportunity: "deal", Lead: "lead"}[type(record)]
    return f"{kind}:{record.pk}"


def option_of(record: Record) -> Option:
    if isinstance(record, Opportunity):
        note = f"{_('Deal')} · {record.customer}" if record.customer else _("Deal")
    elif isinstance(record, Lead):
        note = f"{_('Lead')} · {record.company}" if record.company else _("Lead")
    else:
        note = f"{_('Customer')} · {record.city}" if record.city else _("Customer")
    return Option(ref_of(record), str(record), note)


def read(user: User, ref: str, typed: str, kinds: Sequence[Kind] = KINDS) -> Picked:
    """The record behind `ref`; without one, the only record called as `typed`. Raises NotFound."""
    kind, _colon, key = ref.partition(":")
    if kind == "new" and key in CREATABLE and key in kinds and typed:
        return NewRecord(key, typed)
    record: Record | None = _all(user, kind).filter(pk=int(key)).first() if kind in kinds and key.isdecimal() else None
    if record:
        return record
    called = [record for one in kinds for record in _called(user, one, typed)]
    if len(called) == 1:
        return called[0]
    raise NotFound([*map(option_of, called), *new_options(typed, kinds)] if called else options(user, typed, kinds))


def _all(user: User, kind: str) -> QuerySet[Any]:
    if kind == "customer":
        return access.customers(user)
    if kind == "lead":
        return access.leads(user)
    return access.opportunities(user).select_related("customer")


def _live(user: User, kind: Kind) -> QuerySet[Any]:
    if kind == "customer":
        return access.customers(user)
    if kind == "lead":
        return access.leads(user).filter(status__in=LeadStatus.live())
    return access.opportunities(user).select_related("customer").filter(is_open=True)


def _called(user: User, kind: Kind, name: str) -> list[Record]:
    return list(_live(user, kind).filter(queries.called(name))[:EACH])


def _search(user: User, kind: Kind, query: str) -> list[Record]:
    terms = text.search_terms(query)
    if not terms:
        return list(_live(user, kind).filter(owner=user).order_by("-updated_at")[:EACH])
    order = (StartsWith(F("search"), terms[0]).desc(), "sort_key", "pk")
    if kind == "deal":
        deals = queries.find_deals(access.opportunities(user).filter(is_open=True), query)
        return list(deals.select_related("customer").order_by(*order)[:EACH])
    return list(search_filter(_live(user, kind), query).order_by(*order)[:EACH])
