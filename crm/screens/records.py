"""The pages of one deal, one customer and one lead."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import access, picking, queries, timeline
from crm.models import Contact, Customer, Lead, LeadStatus, NextStep, Opportunity, Stage
from crm.timeline import STEP, Timeline
from l10n import formats
from members.models import User

OPEN_STEPS_SHOWN = 10
DEALS_SHOWN = 10
CONTACTS_SHOWN = 12
EDITABLE = ("amount", "expected_close", "owner", "title")


@dataclass(frozen=True)
class StageMark:
    stage: Stage
    is_current: bool
    is_done: bool


@dataclass(frozen=True)
class Fact:
    """One line of the facts panel. `name` is given when it can be edited in its place."""

    label: str
    value: str
    name: str = ""
    note: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class RecordScreen:
    """What the pages of all three kinds show."""

    ref: str
    may_change: bool
    may_write: bool
    steps: list[NextStep]
    timeline: Timeline


@dataclass(frozen=True)
class DealScreen(RecordScreen):
    deal: Opportunity
    path: list[StageMark]
    facts: list[Fact]
    contacts: list[Contact]


@dataclass(frozen=True)
class CustomerScreen(RecordScreen):
    customer: Customer
    facts: list[Fact]
    contacts: list[Contact]
    deals: list[Opportunity]
    deal_count: int


@dataclass(frozen=True)
class LeadScreen(RecordScreen):
    lead: Lead
    facts: list[Fact]

    @property
    def is_live(self) -> bool:
        return self.lead.status in LeadStatus.live()


def deal_screen(user: User, deal: Opportunity, today: date, shown: int = STEP) -> DealScreen:
    return DealScreen(
        ref=picking.ref_of(deal),
        may_change=access.may_change(user, deal),
        may_write=access.may_write(user),
        steps=_open_steps(opportunity=deal),
        timeline=timeline.of_deal(deal, shown),
        deal=deal,
        path=stage_path(deal),
        facts=deal_facts(deal, today, may_change=access.may_change(user, deal)),
        contacts=list(deal.customer.contacts.all()[:CONTACTS_SHOWN]) if deal.customer else [],
    )


def customer_screen(user: User, customer: Customer, shown: int = STEP) -> CustomerScreen:
    deals = customer.opportunities.select_related("stage", "owner").order_by("-is_open", "-updated_at")
    some = list(queries.with_next_step(deals)[: DEALS_SHOWN + 1])
    return CustomerScreen(
        ref=picking.ref_of(customer),
        may_change=access.may_change(user, customer),
        may_write=access.may_write(user),
        steps=_open_steps(customer=customer),
        timeline=timeline.of_customer(customer, shown),
        customer=customer,
        facts=customer_facts(customer),
        contacts=list(customer.contacts.all()[:CONTACTS_SHOWN]),
        deals=some[:DEALS_SHOWN],
        deal_count=len(some) if len(some) <= DEALS_SHOWN else deals.count(),
    )


def lead_screen(user: User, lead: Lead, today: date, shown: int = STEP) -> LeadScreen:
    return LeadScreen(
        ref=picking.ref_of(lead),
        may_change=access.may_change(user, lead),
        may_write=access.may_write(user),
        steps=_open_steps(lead=lead),
        timeline=timeline.of_lead(lead, shown),
        lead=lead,
        facts=lead_facts(lead, today),
    )


def stage_path(deal: Opportunity) -> list[StageMark]:
    """All stages in order; what lies before the present one counts as passed. A lost deal has passed none."""
    stages = list(Stage.objects.all())
    here = deal.stage.position if deal.stage.kind != "lost" else 0
    return [StageMark(stage, stage.pk == deal.stage_id, stage.is_open and stage.position < here) for stage in stages]


def deal_facts(deal: Opportunity, today: date, *, may_change: bool) -> list[Fact]:
    facts = [deal_fact(deal, name, today, may_change=may_change) for name in ("amount", "expected_close", "owner")]
    facts.append(Fact(_("In this stage"), formats.days((today - deal.stage_since).days)))
    quiet = deal.last_interaction_on
    facts.append(Fact(_("Last contact"), formats.relative_day(quiet, today) if quiet else _("not yet")))
    if deal.push_count:
        times = ngettext("%(times)s time", "%(times)s times", deal.push_count) % {"times": formats.num(deal.push_count)}
        facts.append(Fact(_("Close date pushed"), times))
    if deal.closed_on:
        facts.append(Fact(_("Closed on"), formats.day(deal.closed_on), note=deal.lost_reason))
    return facts


def deal_fact(deal: Opportunity, name: str, today: date, *, may_change: bool) -> Fact:
    """One of EDITABLE."""
    editable = name if may_change else ""
    if name == "amount":
        return Fact(_("Amount"), formats.money(deal.amount) if deal.amount is not None else "", editable)
    if name == "expected_close":
        return _close_fact(deal, today, editable)
    if name == "owner":
        return Fact(_("Owner"), deal.owner.name if deal.owner else "", editable)
    return Fact(_("Title"), deal.title, editable)


def _close_fact(deal: Opportunity, today: date, editable: str) -> Fact:
    day = deal.expected_close
    if day is None:
        return Fact(_("Expected close"), "", editable)
    late = deal.is_open and day < today
    return Fact(
        _("Expected close"), formats.day(day), editable, formats.relative_day(day, today), "bad" if late else ""
    )


def customer_facts(customer: Customer) -> list[Fact]:
    facts = [Fact(_("Owner"), customer.owner.name if customer.owner else "")]
    if customer.phone:
        facts.append(Fact(_("Phone"), formats.phone_text(customer.phone), url=f"tel:{customer.phone}"))
    if customer.email:
        facts.append(Fact(_("E-mail"), customer.email, url=f"mailto:{customer.email}"))
    facts += [
        Fact(label, value) for label, value in ((_("Sector"), customer.sector), (_("City"), customer.city)) if value
    ]
    facts.append(Fact(_("Since"), formats.day(customer.created_at)))
    return facts


def lead_facts(lead: Lead, today: date) -> list[Fact]:
    facts = [Fact(_("Owner"), lead.owner.name if lead.owner else ""), Fact(_("Source"), lead.source)]
    if lead.company:
        facts.append(Fact(_("Firm"), lead.company))
    if lead.phone:
        facts.append(Fact(_("Phone"), formats.phone_text(lead.phone), url=f"tel:{lead.phone}"))
    if lead.email:
        facts.append(Fact(_("E-mail"), lead.email, url=f"mailto:{lead.email}"))
    facts.append(Fact(_("Came in"), formats.day(lead.captured_at), note=formats.relative_day(lead.captured_at, today)))
    if lead.first_response_at:
        facts.append(Fact(_("First answer"), formats.day(lead.first_response_at)))
    if lead.dropped_because:
        facts.append(Fact(_("Dropped because"), lead.dropped_because))
    return facts


def _open_steps(**of: Customer | Lead | Opportunity) -> list[NextStep]:
    steps = queries.open_steps().filter(**of).order_by("due_on", "pk")
    return list(steps.select_related("owner", "opportunity")[:OPEN_STEPS_SHOWN])
