"""Pages of the production server, one request after the other on a kept connection, and their SQL statements."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.embedded.child import free_port, spawn
from crm.models import Customer, Opportunity, Stage
from members.models import User
from scripts.benchmark.visitor import EMAIL, Tell
from tenants.context import inside
from tenants.models import Tenant

WARM_UP, ROUNDS = 10, 60
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


def measure(tenant: Tenant, server: Server, tell: Tell) -> None:
    with inside(tenant):
        user = User.objects.get(email=EMAIL)
        client = Client(HTTP_HOST=HOST)
        client.force_login(user)
        deal = Opportunity.objects.filter(is_open=True, customer__isnull=False).latest("pk")
        customer, stage = Customer.objects.earliest("pk"), Stage.objects.earliest("position")
    session = client.cookies["sessionid"].value
    for name, path, target in (
        ("list of deals", "/deals/?owner=all", "list"),
        ("list of deals, page 200", "/deals/?owner=all&state=all&page=200", "list"),
        ("list of customers", "/customers/?owner=all", "list"),
        ("search in deals", "/deals/?owner=all&q=8123", "list"),
        ("today", "/", "list"),
        ("board", "/pipeline/", "board"),
        ("deal page", f"/deals/{deal.pk}/", "deal_page"),
        ("decision log", "/decisions/", "list"),
    ):
        tell(name, _get(server.port, path, session), "ms", target)
        tell(f"{name}: SQL statements", _statements(client, tenant, path), "statements", "queries")
    number = count()
    log = {"who": f"customer-{customer.pk}", "who_text": customer.name, "kind": "call"}
    tell("create a deal", _post(server.port, "/deals/new/", session, lambda: {
        "title": f"معاملهٔ تازه {next(number)}", "stage": stage.pk, "amount": "۱۲۰"}), "ms", "create_deal")  # fmt: skip
    tell("quick log", _post(server.port, "/log/", session, lambda: {
        **log, "sentence": f"زنگ زدم {next(number)}", "next_step": "فردا، تماس"}), "ms", "quick_log")  # fmt: skip


def measure_memory(server: Server, tell: Tell) -> None:
    """Proportional set size of the web server, PostgreSQL and Valkey together, without worker and beat."""
    tell("memory: web and servers", _pss(_family(server.process.pid) | _family(os.getpid())), "MB", "memory")


def _get(port: int, path: str, session: str) -> float:
    wire = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Host": HOST, "Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
    return _median(lambda: _ask(wire, "GET", path, headers, None, (200,)))


def _post(port: int, path: str, session: str, fields: Callable[[], dict[str, object]]) -> float:
    wire = http.client.HTTPConnection("127.0.0.1", port)
    token = "a" * 32
    headers = {
        "Host": HOST,
        "Cookie": f"sessionid={session}; csrftoken={token}",
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


def _statements(client: Client, tenant: Tenant, path: str) -> int:
    with inside(tenant):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
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
