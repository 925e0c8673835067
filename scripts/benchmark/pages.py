"""Pages of the production server: one request after the other on a kept connection, their SQL, then eight users."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.embedded.child import free_port, spawn
from crm.listing import Cursor
from crm.models import Customer, Lead, Opportunity, Stage
from members.models import User
from scripts.benchmark.visitor import EMAIL, Tell
from tenants.context import inside
from tenants.models import Tenant

WARM_UP, ROUNDS = 10, 60
AT_ONCE, SECONDS = 8, 8.0
HOST = "bench.localhost"


@dataclass
class Server:
    port: int
    process: "subprocess.Popen[bytes]"


@contextlib.contextmanager
def production_server() -> Iterator[Server]:
    """Gunicorn with the settings of the demo and of production."""
    port = free_port()
    environ = {**os.environ, "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.web", "config.wsgi"]
    process = spawn(command, stop=signal.SIGTERM, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(15)


@dataclass(frozen=True)
class Visit:
    """Somebody of a firm who sees everything, logged in."""

    tenant: Tenant
    client: Client
    session: str

    @property
    def host(self) -> str:
        return str(self.client.defaults["HTTP_HOST"])


def log_in(tenant: Tenant) -> Visit:
    with inside(tenant):
        client = Client(HTTP_HOST=f"{tenant.schema_name.replace('_', '-')}.localhost")
        client.force_login(User.objects.get(email=EMAIL))
        return Visit(tenant, client, client.cookies["sessionid"].value)


def measure(large: Tenant, small: Tenant, server: Server, tell: Tell) -> None:
    """Each page at the large firm; its SQL statements there and at one percent of the data: they shall be as many."""
    visit, little = log_in(large), log_in(small)
    few = {name: path for name, path, _target in _pages(small)}
    for name, path, target in _pages(large):
        tell(name, _get(server.port, path, visit), "ms", target)
        most = "deal_queries" if target == "deal_page" else "queries"
        tell(f"{name}: SQL statements", _statements(visit, path), "statements", most)
        tell(f"{name}: SQL statements at 1 %", _statements(little, few[name]), "statements", most)
    _measure_writing(visit, server, tell)


def _pages(tenant: Tenant) -> list[tuple[str, str, str]]:
    """Name, path and target. A deep page begins after the row at 60 % of the list."""
    with inside(tenant):
        deal = Opportunity.objects.filter(is_open=True, customer__isnull=False).latest("pk")
        deep_deals = _deep(Opportunity.objects.order_by("-updated_at", "-pk"), "updated_at")
        deep_leads = _deep(Lead.objects.order_by("-captured_at", "-pk"), "captured_at")
        deep_customers = _deep(Customer.objects.order_by("sort_key", "pk"), "sort_key")
    everybody = "owner=all"
    return [
        ("list of leads", f"/leads/?{everybody}", "list"),
        ("list of leads, deep", f"/leads/?{everybody}&status=all&after={deep_leads}", "list"),
        ("list of customers", f"/customers/?{everybody}", "list"),
        ("list of customers, deep", f"/customers/?{everybody}&after={deep_customers}", "list"),
        ("list of deals", f"/deals/?{everybody}", "list"),
        ("list of deals, deep", f"/deals/?{everybody}&state=all&after={deep_deals}", "list"),
        ("deals of one stage", f"/deals/?{everybody}&stage={deal.stage_id}", "filtered"),
        ("search in leads", f"/leads/?{everybody}&status=all&q=%D9%85%D8%B1%DB%8C%D9%85", "filtered"),
        ("search in deals", f"/deals/?{everybody}&state=all&q=812", "filtered"),
        ("search everywhere", "/search/?q=%DA%A9%D8%A7%D8%B1%D8%AE%D8%A7%D9%86%D9%87", "filtered"),
        ("board", "/pipeline/", "board"),
        ("deal page", f"/deals/{deal.pk}/", "deal_page"),
        ("today", "/", "list"),
        ("decision log", "/decisions/", "list"),
    ]


def _deep(rows: QuerySet[Any], field: str) -> str:
    value, pk = rows.values_list(field, "pk")[int(rows.count() * 0.6)]
    return str(Cursor(value, pk))


def _measure_writing(visit: Visit, server: Server, tell: Tell) -> None:
    with inside(visit.tenant):
        customer, stage = Customer.objects.earliest("pk"), Stage.objects.earliest("position")
    number = count()
    lead = {"name": "سرنخ تازه", "source": "وب‌سایت"}
    log = {"who": f"customer:{customer.pk}", "who_text": customer.name, "kind": "call", "next_step": "فردا، تماس"}
    writing: list[tuple[str, str, Callable[[], dict[str, object]]]] = [
        ("create a lead", "/leads/new/", lambda: {**lead, "phone": f"0935{time.time_ns() % 10_000_000:07}"}),
        ("create a deal", "/deals/new/", lambda: {"title": f"معامله {next(number)}", "stage": stage.pk}),
        ("quick log", "/log/", lambda: {**log, "sentence": f"زنگ زدم {next(number)}"}),
    ]
    for name, path, fields in writing:
        tell(name, _post(server.port, path, visit, fields), "ms", name.replace(" a ", "_").replace(" ", "_"))


def measure_throughput(large: Tenant, server: Server, tell: Tell) -> None:
    """Lists a second for eight users at once; the users share the machine with the server."""
    visit, done, until = log_in(large), [0] * AT_ONCE, time.perf_counter() + SECONDS

    def user(place: int) -> None:
        wire = http.client.HTTPConnection("127.0.0.1", server.port)
        while time.perf_counter() < until:
            _ask(wire, "GET", "/leads/?owner=all", _headers(visit), None, (200,))
            done[place] += 1

    users = [threading.Thread(target=user, args=(place,)) for place in range(AT_ONCE)]
    for one in users:
        one.start()
    for one in users:
        one.join()
    tell(f"lists of leads at {AT_ONCE} users", sum(done) / SECONDS, "lists/s", "throughput")


def measure_memory(server: Server, tell: Tell) -> None:
    """Proportional set size of the web server, PostgreSQL and Valkey together, without worker and beat."""
    tell("memory: web and servers", _pss(_family(server.process.pid) | _family(os.getpid())), "MB", "memory")


def _headers(visit: Visit) -> dict[str, str]:
    return {"Host": visit.host, "Cookie": f"sessionid={visit.session}", "Accept-Encoding": "gzip"}


def _get(port: int, path: str, visit: Visit) -> float:
    wire = http.client.HTTPConnection("127.0.0.1", port)
    return _median(lambda: _ask(wire, "GET", path, _headers(visit), None, (200,)))


def _post(port: int, path: str, visit: Visit, fields: Callable[[], dict[str, object]]) -> float:
    wire = http.client.HTTPConnection("127.0.0.1", port)
    token = "a" * 32
    headers = {
        **_headers(visit),
        "Cookie": f"sessionid={visit.session}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _median(lambda: _ask(wire, "POST", path, headers, urlencode(fields()), (302, 303)))


def _ask(
    wire: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None,
    wanted: tuple[int, ...],
) -> None:  # fmt: skip
    wire.request(method, path, body=body, headers=headers)
    answer = wire.getresponse()
    content = answer.read()
    if answer.status not in wanted:
        raise SystemExit(f"{method} {path} answered {answer.status}: {content[:300]!r}")


def _median(work: Callable[[], None]) -> float:
    """Milliseconds."""
    seconds = []
    for _round in range(WARM_UP + ROUNDS):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return median(seconds[WARM_UP:]) * 1000


def _statements(visit: Visit, path: str) -> int:
    with inside(visit.tenant):
        visit.client.get(path)
        with CaptureQueriesContext(connection) as captured:
            visit.client.get(path)
    return sum(not re.match(r"SET |BEGIN|COMMIT|SAVEPOINT|RELEASE", row["sql"]) for row in captured)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            wire.request("GET", "/healthz", headers={"Host": HOST})
            if wire.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("The web server does not answer.")


def _family(pid: int) -> set[int]:
    """The process and all below it."""
    found = {pid}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found |= _family(int(child))
    return found


def _pss(pids: set[int]) -> float:
    total = 0
    own = os.getpid()
    for pid in pids - {own}:
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
            total += int(found[1]) if found else 0
    return total / 1024
