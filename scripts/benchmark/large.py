"""The large firm, and the same at one percent: 100,000 leads, 100,000 deals, 500,000 interactions, 60,000 customers."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from charter.models import KeyDecision
from crm.models import Change, Contact, Customer, CustomField, Interaction, Lead, NextStep, Opportunity, Stage
from dataquality.services.scoring import score_tenant
from members.models import Role, Team, User
from scripts.benchmark.copying import copy_in
from scripts.benchmark.people import CITIES, SECTORS, SENTENCES, SOURCES, STEPS, Name, Pools
from scripts.benchmark.visitor import EMAIL, PASSWORD, Tell
from tenants import clock
from tenants.context import inside
from tenants.models import Tenant
from tenants.services.provisioning import create_workspace

CUSTOMERS, CONTACTS, LEADS, DEALS, INTERACTIONS = 60_000, 60_000, 100_000, 100_000, 500_000
USERS, TEAMS = 20, 3
OPEN, WITHOUT_STEP, WITHOUT_OWNER = 0.25, 0.08, 0.03
ADDRESSES = {1.0: "bench-large", 0.01: "bench-hundredth"}


def firm_of(share: float, tell: Tell) -> Tenant:
    """The firm at this share of the data; made, scored and analysed on the first run."""
    address = ADDRESSES[share]
    known: Tenant | None = Tenant.objects.filter(schema_name=address.replace("-", "_")).first()
    if known:
        return known
    tenant = create_workspace(
        name="نمونهٔ بزرگ" if share == 1 else "نمونهٔ کوچک", address=address, language="fa", calendar="jalali",
        currency="IRR", playbook="b2b", admin_name="مدیر", admin_email=EMAIL, password_hash=make_password(PASSWORD),
    )  # fmt: skip
    begin = time.perf_counter()
    with inside(tenant), transaction.atomic(), connection.cursor() as cursor:
        # What is generated refers to what is there; 2,000,000 checks of it would take a minute.
        cursor.execute("SET LOCAL session_replication_role = replica")
        Filling(share, tenant.today()).all()
    with inside(tenant):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        check_folding()
        tell(f"filling a firm at {share:.0%}", time.perf_counter() - begin, "s", "filling")
        begin = time.perf_counter()
        score_tenant(today=tenant.today())
        tell(f"scoring at {share:.0%}", time.perf_counter() - begin, "s", "scoring_large")
    return tenant


def check_folding() -> None:
    """What was copied equals what a model computes when it saves: compared on 300 rows of each kind."""
    for model in (Customer, Contact, Lead, Opportunity):
        for row in model._default_manager.order_by("-pk")[:300]:
            stored = model._default_manager.filter(pk=row.pk).values_list("search", "sort_key").get()
            if stored != (row.search, row.sort_key):
                raise SystemExit(f"{model.__name__} {row.pk} was folded wrongly: {stored}")


class Filling:
    """Fills the open schema. Numbers of rows are those of the large firm times `share`."""

    def __init__(self, share: float, today: date) -> None:
        self.share, self.today = share, today
        self.now = clock.now()
        self.pools = Pools(f"bench {share}")
        self.chance = self.pools.chance
        self.reps: list[int] = []
        stages = list(Stage.objects.order_by("position"))
        self.live = [stage for stage in stages if stage.is_open]
        self.closed = [stage for stage in stages if not stage.is_open]
        # Of each deal by its number: customer, whether open, day it was opened.
        self.deals: list[tuple[int, bool, int]] = []

    def count(self, whole: int) -> int:
        return round(whole * self.share)

    def all(self) -> None:
        self.people()
        self.own_fields()
        copy_in(
            Customer,
            ("id", "name", "search", "sort_key", "phone", "sector", "city", "owner_id", "created_at", "updated_at"),
            self.customers(),
        )
        copy_in(
            Contact,
            ("id", "customer_id", "name", "search", "sort_key", "phone", "decides", "created_at"),
            self.contacts(),
        )
        copy_in(Opportunity, DEAL_COLUMNS, self.opportunities())
        copy_in(
            Change, ("opportunity_id", "field", "old", "new", "old_label", "new_label", "at", "by_id"), self.changes()
        )
        copy_in(Lead, LEAD_COLUMNS, self.leads())
        copy_in(
            Interaction,
            ("kind", "sentence", "happened_at", "logged_at", "by_id", "customer_id", "lead_id", "opportunity_id"),
            self.interactions(),
        )
        copy_in(
            NextStep,
            ("what", "due_on", "owner_id", "customer_id", "opportunity_id", "created_at", "created_by_id", "done_at",
             "done_by_id"),
            self.next_steps(),
        )  # fmt: skip

    def people(self) -> None:
        admin = User.objects.get(email=EMAIL)
        teams = [Team.objects.create(name=f"تیم {name}") for name in ("شمال", "جنوب", "مرکز")[:TEAMS]]
        for number in range(USERS - 1):
            role = Role.MANAGER if number < TEAMS else Role.REP
            name = self.pools.persons[number * 31 % len(self.pools.persons)].spelt
            user = User.objects.create(
                email=f"p{number}@bench.example", name=name, role=role, team=teams[number % TEAMS]
            )
            self.reps.append(user.pk)
        self.reps.append(admin.pk)

    def own_fields(self) -> None:
        decision = KeyDecision.objects.earliest("slot")
        CustomField.objects.create(
            entity="opportunity", slot=1, key="channel", label="کانال فروش", kind="choice",
            choices=["مستقیم", "نماینده", "مناقصه"], serves=decision,
        )  # fmt: skip
        CustomField.objects.create(
            entity="lead", slot=1, key="budget", label="بودجه", kind="money", serves=decision, choices=[]
        )

    def owner(self) -> int | None:
        return None if self.chance.random() < WITHOUT_OWNER else self.chance.choice(self.reps)

    def moment(self, days_ago: int) -> datetime:
        return self.now - timedelta(days_ago, seconds=self.chance.randrange(86_400))

    def phone(self, number: int) -> str:
        return f"+98912{number % 10_000_000:07}"

    def customers(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.count(CUSTOMERS) + 1):
            name, squeezed, key = _numbered(self.pools.firms, pk)
            phone, made = self.phone(pk), self.moment(self.chance.randrange(1100))
            city, sector = self.chance.choice(CITIES), self.chance.choice(SECTORS)
            yield pk, name, f"{squeezed}|{phone[1:]}", key, phone, sector, city, self.owner(), made, made

    def contacts(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.count(CONTACTS) + 1):
            name, squeezed, key = _numbered(self.pools.persons, pk)
            phone = self.phone(1_000_000 + pk)
            yield (
                pk, 1 + pk % self.count(CUSTOMERS), name, f"{squeezed}|{phone[1:]}", key, phone, pk % 3 == 0,
                self.moment(400),
            )  # fmt: skip

    def opportunities(self) -> Iterator[tuple[Any, ...]]:
        chance = self.chance
        for pk in range(1, self.count(DEALS) + 1):
            is_open = chance.random() < OPEN
            # Most open deals are young; some were forgotten long ago.
            age = int(chance.expovariate(1 / 60)) if is_open else chance.randrange(20, 1100)
            stage = chance.choice(self.live if is_open else self.closed)
            customer = chance.randrange(1, self.count(CUSTOMERS) + 1)
            self.deals.append((customer, is_open, age))
            yield self._deal(pk, stage, customer, age)

    def _deal(self, pk: int, stage: Stage, customer: int, age: int) -> tuple[Any, ...]:
        chance, today = self.chance, self.today
        name, squeezed, key = _numbered(self.pools.deals, pk)
        quiet = chance.randrange(age + 1)
        changed = self.moment(quiet)
        close = today + timedelta(chance.randrange(-40, 120)) if chance.random() < 0.9 else None
        closed_on = None if stage.is_open else today - timedelta(chance.randrange(age + 1))
        amount = None if chance.random() < 0.07 else chance.randint(50, 4_000) * 10_000_000
        own = {"channel": chance.choice(["مستقیم", "نماینده", "مناقصه"])} if chance.random() < 0.6 else {}
        return (
            pk, name, squeezed, key, customer, amount, stage.pk, today - timedelta(quiet), close, stage.is_open,
            closed_on, "قیمت" if stage.kind == "lost" else "", today - timedelta(quiet),
            chance.choice((0, 0, 0, 1, 2, 4)), self.owner(), self.moment(age), changed, json.dumps(own),
        )  # fmt: skip

    def changes(self) -> Iterator[tuple[Any, ...]]:
        first, second = self.live[0], self.live[1]
        for deal, (_customer, _open, age) in enumerate(self.deals, 1):
            by = self.chance.choice(self.reps)
            yield deal, "created", "", str(first.pk), "", first.name, self.moment(age), by
            if self.chance.random() < 0.8:
                at = self.moment(self.chance.randrange(age + 1))
                yield deal, "stage", str(first.pk), str(second.pk), first.name, second.name, at, by

    def leads(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.count(LEADS) + 1):
            name, squeezed, key = _numbered(self.pools.persons, pk)
            firm, firm_squeezed, _key = _numbered(self.pools.firms, pk * 7 % 9973)
            phone, chance = self.phone(3_000_000 + pk), self.chance
            age = chance.randrange(720)
            status = chance.choices(("new", "contacted", "dropped"), (2, 18, 80))[0]
            captured = self.moment(age)
            answered = None if status == "new" else captured + timedelta(minutes=chance.randrange(5, 600))
            own = {"budget": str(chance.randint(5, 400) * 1_000_000)} if chance.random() < 0.3 else {}
            yield (
                pk, name, firm, phone, f"{squeezed}|{firm_squeezed}|{phone[1:]}", key, chance.choice(SOURCES), status,
                captured, answered, "نیازی ندارد" if status == "dropped" else "", self.owner(), captured, captured,
                json.dumps(own),
            )  # fmt: skip

    def interactions(self) -> Iterator[tuple[Any, ...]]:
        chance = self.chance
        kinds, leads = ("call", "call", "call", "meeting", "message", "email", "visit"), self.count(LEADS)
        for number in range(self.count(INTERACTIONS)):
            # A fifth of the deals gets most of the talk.
            deal = int(len(self.deals) * chance.random() ** 2)
            customer, _is_open, age = self.deals[deal]
            at = self.moment(chance.randrange(age + 1))
            lead = 1 + number % leads if number % 5 == 0 else None
            about = (None, lead, None) if lead else (customer, None, deal + 1)
            yield (chance.choice(kinds), chance.choice(SENTENCES), at, at, chance.choice(self.reps), *about)

    def next_steps(self) -> Iterator[tuple[Any, ...]]:
        chance = self.chance
        for deal, (customer, is_open, age) in enumerate(self.deals, 1):
            by, made = chance.choice(self.reps), self.moment(age)
            if is_open and chance.random() >= WITHOUT_STEP:
                due = self.today + timedelta(chance.randrange(-10, 40))
                yield chance.choice(STEPS), due, by, customer, deal, made, by, None, None
            if chance.random() < 0.5:
                yield chance.choice(STEPS), made.date(), by, customer, deal, made, by, made, by


DEAL_COLUMNS = (
    "id", "title", "search", "sort_key", "customer_id", "amount", "stage_id", "stage_since", "expected_close",
    "is_open", "closed_on", "lost_reason", "last_interaction_on", "push_count", "owner_id", "created_at", "updated_at",
    "custom",
)  # fmt: skip
LEAD_COLUMNS = (
    "id", "name", "company", "phone", "search", "sort_key", "source", "status", "captured_at", "first_response_at",
    "dropped_because", "owner_id", "created_at", "updated_at", "custom",
)  # fmt: skip


def _numbered(pool: Sequence[Name], number: int) -> tuple[str, str, str]:
    return pool[number * 17 % len(pool)].numbered(number)
