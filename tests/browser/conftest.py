"""The product as its users meet it: Chromium, the web server, PostgreSQL, Valkey and a Celery worker, all real.

Each module has a fresh copy of the database and its own two firms (`firms["fa"]`, `firms["en"]`); the tests of one
module share them. Nothing waits by sleeping: pages are waited for with Playwright's `expect`, rows with `until`.
"""

import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from config import servers
from tests.browser.firms import Firm, furnish
from tests.browser.server import web_server
from tests.browser.visitor import Visitor
from tests.browser.worker import worker
from tests.conftest import DATABASE

Found = TypeVar("Found")
Visit = Callable[..., Visitor]
Until = Callable[[Callable[[], Found]], Found]
VISITORS = pytest.StashKey[list[Visitor]]()
HOSTS = "--host-resolver-rules=MAP *.localhost 127.0.0.1,MAP localhost 127.0.0.1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser(running: int) -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would take a plain query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking", HOSTS]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def running(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """Web server and worker for all browser tests; gives the port."""
    with django_db_blocker.unblock(), web_server() as port, worker():
        before, project.PORT = project.PORT, port
        yield port
        project.PORT = before
        # Playwright's loop had a connection of its own in this thread. This older one did not notice that the database
        # was dropped and made again; the next module would find it dead.
        connection.close()


@pytest.fixture(scope="module")
def firms(
    request: pytest.FixtureRequest, running: int, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Firm]]:
    database = request.config.stash[DATABASE]
    with django_db_blocker.unblock():
        database.create()
        cache.clear()
        yield {language: furnish(language, running) for language in ("fa", "en")}
        database.create()
        cache.clear()


@pytest.fixture(autouse=True)
def database_is_open(firms: dict[str, Firm], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        connection.set_schema_to_public()  # type: ignore[attr-defined]


@pytest.fixture(params=["fa", "en"])
def firm(request: pytest.FixtureRequest, firms: dict[str, Firm]) -> Firm:
    return firms[request.param]


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, running: int) -> Iterator[Visit]:
    """`visit(firm, "rep")` is a browser logged in as that rep, `visit(firm)` a stranger's, `visit()` on the bare host.

    At the end no page may have complained: no script error, no breach of the Content-Security-Policy, no 404, no 500.
    """
    visitors = request.node.stash[VISITORS] = []

    def visited(firm: Firm | None = None, part: str = "", **options: Any) -> Visitor:
        visitor = Visitor(browser, firm, running, **options)
        visitors.append(visitor)
        return visitor.be(firm.people[part]) if firm and part else visitor

    yield visited
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def until() -> Until[Any]:
    """`until(lambda: Minutes.objects.exclude(pdf=None).first())`: the first true answer, within half a minute."""

    def wait(ask: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 30
        while not (found := ask()):
            assert time.monotonic() < deadline, "This did not come true within 30 seconds."
            time.sleep(0.05)
        return found

    return wait


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to every failure what the pages showed."""
    report = yield
    if report.failed and call.when == "call":
        folder = servers.data_dir() / "browser-failures"
        visitors = item.stash.setdefault(VISITORS, [])
        for number, visitor in enumerate(visitors):
            name = re.sub(r"\W+", "-", f"{item.name}-{number}")
            try:
                shown = visitor.report(folder / f"{name}.png")
            except Exception as error:  # the report must not hide the failure
                shown = f"The page could not be asked: {error}"
            report.sections.append((f"Page of visitor {number + 1}", shown))
    return report
