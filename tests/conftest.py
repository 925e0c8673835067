"""Databases and caches of a test run. The people and firms are in tests/cast.py."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.database import Database

pytest_plugins = ["tests.cast"]

DATABASE = pytest.StashKey[Database]()
TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Replaces pytest-django's: a copy of the template with the schemas of acme and globex."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    database = request.config.stash[DATABASE] = Database(f"test_{worker}")
    with django_db_blocker.unblock():
        database.create()
        yield
        from django.db import connection

        connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """After a test that committed: Django's flush knows one schema only, and empties the table of tenants."""
    yield  # all fixtures of the test, the flush too, end here
    if DATABASE in item.config.stash and commits(item):
        from pytest_django.plugin import blocking_manager_key

        with item.config.stash[blocking_manager_key].unblock():
            item.config.stash[DATABASE].create()


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    wants: dict[str, Any] = dict(marker.kwargs) if marker else {}
    return bool(wants.get("transaction") or TRANSACTIONAL & set(getattr(item, "fixturenames", ())))
