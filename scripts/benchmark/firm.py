"""The firm that is measured: generated once, brought in through the import, kept in the data folder."""

import csv
import io
import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from crm.importing import running, working
from crm.models import ImportJob, Stage
from members.models import Role, User
from scripts.benchmark.visitor import EMAIL, PASSWORD, Tell
from tenants.context import inside
from tenants.models import Tenant
from tenants.services.provisioning import create_workspace

DEALS, CUSTOMERS, PEOPLE = 8_800, 85, 35
OPEN_SHARE = 2_000 / DEALS


def the_firm(tell: Tell) -> Tenant:
    """The bench firm; on the first run it is made, and its import is timed."""
    tenant: Tenant | None = Tenant.objects.filter(schema_name="bench").first()
    if tenant:
        return tenant
    tenant = create_workspace(
        name="Bench",
        address="bench",
        language="fa",
        calendar="jalali",
        currency="IRR",
        playbook="b2b",
        admin_name="Bench",
        admin_email=EMAIL,
        password_hash=make_password(PASSWORD),
    )
    with inside(tenant):
        tell("import of 8,800 deals", _bring_in(tenant.today()), "s", "import_8800_deals")
    return tenant


def _bring_in(today: date) -> float:
    """Checks and writes the generated table as the worker does; returns the seconds of both."""
    admin = User.objects.get(email=EMAIL)
    for number in range(PEOPLE):
        User.objects.create(email=f"p{number}@bench.example", name=f"فروشندهٔ {number}", role=Role.REP)
    content = _table(today).encode()
    begin = time.perf_counter()
    job = running.accept(content=content, name="deals.csv", kind="opportunities", by=admin)
    running.choose(job, mapping=job.mapping, options=job.options)
    working.check(job.pk)
    running.start(job)
    working.run(job.pk)
    seconds = time.perf_counter() - begin
    job = ImportJob.objects.get()
    if job.created != DEALS:
        raise SystemExit(f"The import made {job.created} deals of {DEALS}: {job.failure}")
    return seconds


def _table(today: date) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["opportunity_id", "title", "account", "sales_agent", "deal_stage", "close_date", "close_value"])
    writer.writerows(_rows(today))
    return file.getvalue()


def _rows(today: date) -> Iterator[list[str]]:
    chance = Random("bench")
    stages = list(Stage.objects.order_by("position"))
    live = [stage.name for stage in stages if stage.is_open]
    closed = [stage.name for stage in stages if not stage.is_open]
    for number in range(DEALS):
        is_open = chance.random() < OPEN_SHARE
        day = today + timedelta(days=chance.randint(-40, 60) if is_open else -chance.randint(1, 600))
        yield [
            f"D{number:05}",
            f"خط بسته‌بندی {number}",
            f"کارخانهٔ {chance.randrange(CUSTOMERS)}",
            f"فروشندهٔ {chance.randrange(PEOPLE)}",
            chance.choice(live if is_open else closed),
            day.isoformat(),
            str(chance.randint(50, 4_000) * 10_000_000),
        ]
