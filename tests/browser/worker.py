"""A real Celery worker as a child process, on the databases of this test run and on a queue of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from config import servers
from config.celery import app
from tests.cast import NOW

READY_WITHIN = 60
ENDS_WITHIN = 15


@contextmanager
def worker() -> Iterator[Path]:
    """Sends tasks to the worker instead of running them at once, while the context is open; gives the worker's log."""
    name = settings.DATABASES["default"]["NAME"]
    queue, eager = app.conf.task_default_queue, app.conf.task_always_eager
    send_to(f"browser-{name}", eager=False)
    log = servers.data_dir() / f"worker-{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(command(f"browser-{name}"), env=environment(), stdout=output, stderr=output)
        try:
            wait_until_ready(process, log)
            yield log
        finally:
            stop(process)
            send_to(queue, eager=eager)


def send_to(queue: str, *, eager: bool) -> None:
    app.conf.task_default_queue, app.conf.task_always_eager = queue, eager
    vars(app).pop("amqp", None)  # remembers the queue of the first task it sent


def command(queue: str) -> list[str]:
    celery = [sys.executable, "-m", "celery", "--app", "tests.browser.worker_app", "worker"]
    node = ["--hostname", f"{queue}@tests", "--queues", queue]
    return [*celery, *node, "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]


def environment() -> dict[str, str]:
    address, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    return {
        **os.environ,
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "PYTHONPATH": str(settings.BASE_DIR),
        "TEST_NOW": NOW.isoformat(),
    }


def wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    node = f"{app.conf.task_default_queue}@tests"
    while not app.control.ping(destination=[node], timeout=0.5):
        said = log.read_text("utf-8", "replace")[-2000:]
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"The Celery worker did not come up: {said}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
