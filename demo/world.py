"""The firm while its history is being made: its people and deals by name, its calendar, and one source of chance."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from crm.models import Case, Contact, Customer, CustomField, Lead, Opportunity, Stage
from demo.story import Story
from members.models import User
from tenants import clock
from tenants.context import inside
from tenants.models import Tenant

WEEKDAYS = {
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    "en": ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"),
}


@dataclass
class DealPlan:
    """What will become of a deal, unknown to its owner: won, lost, drags (always pushed), stalls, or steady."""

    deal: Opportunity
    owner: User
    contact: Contact | None
    product: str
    fate: str
    pace: int
    touch_on: date
    touches: int = 0


@dataclass
class LeadPlan:
    lead: Lead
    owner: User
    answer_on: date | None
    converts: bool
    product: str


@dataclass
class CasePlan:
    """What is left to be done with a case, in this order, and from when on."""

    case: Case
    outcome: str
    verbs: list[str]
    on: date


@dataclass
class World:
    """`chance` decides about selling, `aside` about all else: a new story leaves the old ones as they were."""

    story: Story
    tenant: Tenant
    chance: Random
    aside: Random
    now: datetime
    first_day: date
    people: dict[str, User] = field(default_factory=dict)
    diligence: dict[int, float] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)
    contacts: dict[int, list[Contact]] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    deals: list[DealPlan] = field(default_factory=list)
    leads: list[LeadPlan] = field(default_factory=list)
    cases: list[CasePlan] = field(default_factory=list)
    own_fields: dict[str, CustomField] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.tenant.zone).date()

    @property
    def reps(self) -> list[User]:
        return [self.people[key] for key in ("rep", "rep2", "rep3", "rep4")]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=self.tenant.zone)

    def works(self, day: date) -> bool:
        return day.weekday() not in self.tenant.weekend

    def workday(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def weekday_name(self, day: date) -> str:
        return WEEKDAYS[self.tenant.language][day.weekday()]

    @contextmanager
    def moment(self, when: datetime) -> Iterator[None]:
        """Everything inside happens at `when`, or just before now for what would lie in the future."""
        with clock.stopped_at(min(when, self.now)), inside(self.tenant):
            yield
