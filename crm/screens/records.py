"""The pages of one deal, one customer and one lead."""

from dataclasses import dataclass
from datetime import date

from crm import access, picking, queries
from crm.models import Contact, Customer, Lead, LeadStatus, NextStep, Opportunity, Stage
from crm.screens.facts import Fact, facts_of
from crm.timeline import Timeline
from members.models import User

OPEN_STEPS_SHOWN = 10
DEALS_SHOWN = 10
CONTACTS_SHOWN = 12


@dataclass(frozen=True)
class StageMark:
    stage: Stage
    is_current: bool
    is_done: bool


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


def deal_screen(user: User, deal: Opportunity, today: date, timeline: Timeline) -> DealScreen:
    return DealScreen(
        ref=picking.ref_of(deal),
        may_change=access.may_change(user, deal),
        may_write=access.may_write(user),
        steps=_open_steps(user, opportunity=deal),
        timeline=timeline,
        deal=deal,
        path=stage_path(deal),
        facts=facts_of(deal, today, may_change=access.may_change(user, deal)),
        contacts=list(deal.customer.contacts.all()[:CONTACTS_SHOWN]) if deal.customer else [],
    )


def customer_screen(user: User, customer: Customer, today: date, timeline: Timeline) -> CustomerScreen:
    seen = access.opportunities(user).filter(customer=customer)
    deals = seen.select_related("stage", "owner").order_by("-is_open", "-updated_at")
    some = list(queries.with_next_step(deals)[: DEALS_SHOWN + 1])
    return CustomerScreen(
        ref=picking.ref_of(customer),
        may_change=access.may_change(user, customer),
        may_write=access.may_write(user),
        steps=_open_steps(user, customer=customer),
        timeline=timeline,
        customer=customer,
        facts=facts_of(customer, today, may_change=access.may_change(user, customer)),
        contacts=list(customer.contacts.all()[:CONTACTS_SHOWN]),
        deals=some[:DEALS_SHOWN],
        deal_count=len(some) if len(some) <= DEALS_SHOWN else deals.count(),
    )


def lead_screen(user: User, lead: Lead, today: date, timeline: Timeline) -> LeadScreen:
    return LeadScreen(
        ref=picking.ref_of(lead),
        may_change=access.may_change(user, lead),
        may_write=access.may_write(user),
        steps=_open_steps(user, lead=lead),
        timeline=timeline,
        lead=lead,
        facts=facts_of(lead, today, may_change=access.may_change(user, lead)),
    )


def stage_path(deal: Opportunity) -> list[StageMark]:
    """All stages in order; what lies before the present one counts as passed. A lost deal has passed none."""
    stages = list(Stage.objects.all())
    here = deal.stage.position if deal.stage.kind != "lost" else 0
    return [StageMark(stage, stage.pk == deal.stage_id, stage.is_open and stage.position < here) for stage in stages]


def _open_steps(user: User, **of: Customer | Lead | Opportunity) -> list[NextStep]:
    steps = access.next_steps(user).filter(done_at=None, dropped_at=None, **of).order_by("due_on", "pk")
    return list(steps.select_related("owner", "opportunity")[:OPEN_STEPS_SHOWN])
