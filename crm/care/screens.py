"""The list of cases, one case, and what other pages show of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm import access
from crm.care import queries
from crm.care.timeline import of_case
from crm.forms.cases import SATISFACTION
from crm.listing import KeysetPage, Order, Tab, count_up_to, keyset_page, one_of, tabs
from crm.models import Case, CaseKind, CaseState, Customer, Opportunity
from crm.timeline import Event
from l10n import formats
from l10n.fields import search_filter
from members.models import Role, User

Choices = Sequence[tuple[str, str]]
PANEL = 5
SOON = timedelta(2)
LOW = 2
BY_DUE, BY_AGE = Order("due_on", nullable=True), Order("opened_at", descending=True)


@dataclass(frozen=True)
class CaseList:
    """`told` says in words which narrower filters of the address hold, those that have no field on the page."""

    page: KeysetPage[Case]
    count: int
    query: str
    owners: list[Tab]
    states: list[Tab]
    kinds: list[Tab]
    late: bool
    told: list[str]

    @property
    def is_filtered(self) -> bool:
        return bool(self.query or self.late or self.told) or any(
            tab.current for group in (self.owners, self.states, self.kinds) for tab in group[1:]
        )


def case_list(user: User, asked: Mapping[str, str], today: date) -> CaseList:
    owners = _owners(user)
    owner = one_of(asked.get("owner"), owners, owners[0][0])
    states: Choices = (("unfinished", _("Not finished")), *_labels(CaseState.choices), ("all", _("Any state")))
    state = one_of(asked.get("state"), states, "unfinished")
    kinds: Choices = (("", _("Both kinds")), *_labels(CaseKind.choices))
    kind = one_of(asked.get("kind"), kinds, "")
    late = bool(asked.get("late"))
    wanted = search_filter(_of_owner(access.cases(user), user, owner), asked.get("q", ""))
    wanted = _in_state(wanted, state)
    wanted = wanted.filter(kind=kind) if kind else wanted
    wanted = queries.late(wanted, today) if late else wanted
    wanted, told = _narrowed(wanted, user, asked, today)
    shown = access.cases(user).select_related("customer", "owner")
    order = BY_DUE if state in ("unfinished", CaseState.OPEN, CaseState.WAITING) else BY_AGE
    page = keyset_page(wanted, shown, order, after=asked.get("after", ""), before=asked.get("before", ""))
    return CaseList(
        page=page,
        count=count_up_to(wanted),
        query=asked.get("q", ""),
        owners=tabs(owners, owner),
        states=tabs(states, state),
        kinds=tabs(kinds, kind),
        late=late,
        told=told,
    )


def _labels(choices: Sequence[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices]


def _owners(user: User) -> Choices:
    mine, everybody, nobody = ("mine", _("Mine")), ("all", _("All")), ("none", _("No owner"))
    return (mine, everybody, nobody) if user.role == Role.REP else (everybody, mine, nobody)


def _of_owner(cases: QuerySet[Case], user: User, owner: str) -> QuerySet[Case]:
    if owner == "mine":
        return cases.filter(owner=user)
    return cases.filter(owner=None) if owner == "none" else cases


def _in_state(cases: QuerySet[Case], state: str) -> QuerySet[Case]:
    if state == "unfinished":
        return queries.open_cases(cases)
    return cases if state == "all" else cases.filter(state=state)


def _narrowed(
    cases: QuerySet[Case], user: User, asked: Mapping[str, str], today: date
) -> tuple[QuerySet[Case], list[str]]:
    """The filters that other pages link to: one customer, the last days, in time or not, rated (low)."""
    told: list[str] = []
    if number := _number(asked.get("customer")):
        customer = access.customers(user).filter(pk=number).first()
        cases = cases.filter(customer=customer)
        told.append(str(customer or "—"))
    if days := _number(asked.get("days")):
        cases = queries.finished_since(cases, today - timedelta(days))
        told.append(_("finished within %(days)s") % {"days": formats.days(days)})
    if asked.get("kept") in ("yes", "no"):
        in_time = asked["kept"] == "yes"
        cases = cases.filter(queries.in_time()) if in_time else cases.exclude(queries.in_time())
        told.append(_("in time") if in_time else _("not in time"))
    if asked.get("rated") in ("yes", "low"):
        low = asked["rated"] == "low"
        cases = cases.filter(satisfaction__lte=LOW) if low else cases.filter(satisfaction__isnull=False)
        told.append(_("unhappy") if low else _("rated"))
    return cases, told


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


# --- One case -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CaseScreen:
    case: Case
    deal: Opportunity | None
    events: list[Event]
    may_change: bool
    may_write: bool
    satisfied: str

    @property
    def is_done(self) -> bool:
        return self.case.state == CaseState.DONE


def case_screen(user: User, case: Case) -> CaseScreen:
    return CaseScreen(
        case=case,
        deal=_seen_deal(user, case),
        events=of_case(user, case),
        may_change=access.may_change(user, case),
        may_write=access.may_write(user),
        satisfied=str(dict(SATISFACTION).get(case.satisfaction or 0, "")),
    )


def _seen_deal(user: User, case: Case) -> Opportunity | None:
    """The deal that the case is about, unless it is hidden from the user."""
    if case.opportunity_id is None or access.sees_all(user):
        return case.opportunity
    return access.opportunities(user).filter(pk=case.opportunity_id).first()


# --- On other pages -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CasePanel:
    """What a customer's page shows: the open ones, else the last ones; `count` is of all."""

    customer: Customer
    cases: list[Case]
    count: int
    open_count: int


def customer_panel(user: User, customer: Customer) -> CasePanel:
    of_customer = queries.of_customer(access.cases(user), customer)
    cases = list(of_customer.select_related("owner")[:PANEL])
    open_count = queries.open_cases(of_customer.order_by()).count()
    count = len(cases) if len(cases) < PANEL else of_customer.order_by().count()
    return CasePanel(customer, cases, count, open_count)


def open_complaints(user: User, customer: Customer) -> list[Case]:
    """What speaks against selling more to this customer today."""
    cases = queries.open_cases(access.cases(user)).filter(customer=customer, kind=CaseKind.COMPLAINT)
    return list(cases.select_related("owner").order_by("due_on", "pk")[:PANEL])


def due_cases(user: User, today: date) -> list[Case]:
    """For Today: what is late or due within two days. What waits for the customer only when it is late."""
    soon = queries.due_soon(access.cases(user), user, today + SOON)
    ours = Q(state=CaseState.OPEN) | Q(due_on__lt=today)
    return list(soon.filter(ours).select_related("customer", "owner").order_by("due_on", "pk")[: PANEL * 2])
