"""Starts PostgreSQL and Valkey for a test run, before pytest-django reads the settings.

Loaded early (`-p tests.plugin`). Only the controller starts servers; xdist workers find their addresses in the
environment. Two runs on one data folder do not disturb each other: the second takes a temporary folder.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config import embedded, servers
from scripts import messages

# Tests can lose their data: speed is worth more.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_wal_size": "4GB",
}
# What would make a run depend on the shell it was started from.
FORGOTTEN = ("TASMIM_PRODUCTION", "TASMIM_DEMO", "DEBUG", "BASE_DOMAIN", "PORT", "ALLOWED_HOSTS", "EMAIL_BACKEND")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        prepare_environment(stack)
    yield


def prepare_environment(stack: ExitStack) -> None:
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    messages.main(["compile"])
    running = start(stack)
    found = running.addresses()
    os.environ["TASMIM_DATA_DIR"] = str(running.data_dir)
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = found.database_url, found.redis_url
    os.environ["LOG_LEVEL"] = "ERROR"


def start(stack: ExitStack) -> embedded.Stack:
    try:
        return stack.enter_context(servers_in(servers.data_dir() / "test"))
    except embedded.Busy:
        folder = Path(tempfile.mkdtemp(prefix="tasmim-test-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return stack.enter_context(servers_in(folder))


def servers_in(folder: Path) -> embedded.Stack:
    return embedded.Stack(folder, postgres_settings=FAST, durable=False)
