"""What the address of a list asks for, read once: the same for the page, the file, the count and the bulk edit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.listing import Order, one_of
from crm.lists import filters
from crm.lists.filters import Condition
from crm.lists.specs import Choices, Spec, filters_of
from members.models import Role, User

# Where on the way through the list one stands; not part of what is asked for.
PLACE = ("after", "before", "count", "page")
OWNER_TABS = ("mine", "all", "none")


@dataclass(frozen=True)
class Asked:
    """`rows` have access, tabs, search and filters in them, but no order. `owner` is "" when a filter names people."""

    spec: Spec
    params: QueryDict
    rows: QuerySet[Any]
    query: str
    owner: str
    state: str
    sort: str
    order: Order
    conditions: list[Condition]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.conditions) or self.owner == "mine"


def ask(spec: Spec, user: User, params: QueryDict, today: date) -> Asked:
    query, owner = params.get("q", "").strip(), owner_of(user, params)
    conditions = filters.read(filters_of(spec), _for_filters(params, owner), today)
    state = _state(spec, params, conditions)
    rows = spec.rows(user)
    if owner in ("mine", "none"):
        rows = rows.filter(owner=user if owner == "mine" else None)
    if spec.state_key:
        rows = rows.filter(spec.states_q(state))
    for condition in conditions:
        rows = rows.filter(condition.where)
    sort, order = _order(spec, params.get("sort", ""))
    return Asked(spec, params, spec.find(rows, query), query, owner, state, sort, order, conditions)


def owners(user: User) -> Choices:
    mine, everybody, nobody = ("mine", _("Mine")), ("all", _("All")), ("none", _("No owner"))
    return (mine, everybody, nobody) if user.role == Role.REP else (everybody, mine, nobody)


def owner_of(user: User, params: QueryDict) -> str:
    """The tab, or "" when the address names people."""
    words = params.getlist("owner")
    if len(words) > 1 or any(word.isascii() and word.isdecimal() for word in words):
        return ""
    choices = owners(user)
    return one_of(words[0] if words else None, choices, choices[0][0])


def plain_address(params: QueryDict, *leave_out: str, put: Mapping[str, str] | None = None) -> str:
    """The words of an address without where one stood in the list, ready to follow a "?"."""
    return changed(params, (*PLACE, *leave_out), put or {}).urlencode()


def changed(params: QueryDict, leave_out: Iterable[str], put: Mapping[str, str]) -> QueryDict:
    copy = params.copy()
    for key in leave_out:
        copy.pop(key, None)
    for key, value in put.items():
        copy[key] = value
    return copy


def _for_filters(params: QueryDict, owner: str) -> QueryDict:
    return changed(params, ["owner"], {}) if owner else params


def _state(spec: Spec, params: QueryDict, conditions: list[Condition]) -> str:
    """Who filters by stage or closing day means closed ones too, unless the address says otherwise."""
    if not spec.state_key:
        return ""
    choices = spec.states()
    about_all = any(condition.filter.name in ("stage", "closed_on") for condition in conditions)
    return one_of(params.get(spec.state_key), choices, "all" if about_all else choices[0][0])


def _order(spec: Spec, asked: str) -> tuple[str, Order]:
    """«-name» is «name» the other way round."""
    name = asked.removeprefix("-")
    if name not in spec.orders:
        return spec.order, spec.orders[spec.order]
    order = spec.orders[name]
    return asked, order.reversed() if asked.startswith("-") else order
