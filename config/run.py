"""`make demo` and `make dev`: the servers, the database, web, worker and beat under one supervisor.

Pure Python without Django, so that it stays small. Run in the project's virtual environment:
`python -m config.run demo`.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from config import embedded, servers
from config.children import CannotStay, Program, stop_all
from config.embedded.child import signal_at_parents_end, spawn, tail

PYTHON = sys.executable
ROOT = servers.ROOT
LOGIN = "/accounts/login/"
FIRST_PAGE_SECONDS = 60
SERVERS_CHECKED_EVERY = 1.0
# One worker has no neighbours to look for.
QUIET = ["--without-gossip", "--without-mingle"]


class Stopped(BaseException):
    """Ctrl-C or SIGTERM; a BaseException, so that nothing on the way takes it for an error."""


class Failed(Exception):
    """The demo cannot start; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    mode = arguments[0] if arguments else "demo"
    if "MAKELEVEL" in os.environ:
        signal_at_parents_end(signal.SIGTERM)  # also when make is killed and cannot pass a signal on
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    try:
        run(mode)
    except Stopped:
        say("Stopped.")
    except (embedded.EmbeddedFailed, Failed, CannotStay) as error:
        say(f"Error: {error}")
        return 1
    return 0


def stop(_number: int, _frame: FrameType | None) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # one is enough; the rest is cleaning up
    raise Stopped


def say(text: str) -> None:
    print(text, flush=True)


def run(mode: str) -> None:
    port = int(os.environ.get("PORT", "8000"))
    check_port(port)
    data_dir = servers.data_dir()
    say(
        "Starting PostgreSQL and Valkey …" if servers.embedded() else "Using the servers of DATABASE_URL and REDIS_URL."
    )
    with embedded.Stack(data_dir, say=say) as stack:
        environ = environment(mode, stack, port)
        children = programs(mode, data_dir, environ)
        try:
            prepare(environ)
            web, *others = children
            web.start()
            wait_for_login(web, port)
            for child in others:  # later, so that they do not slow the first page down
                child.start()
            say(f"Ready: http://alborz.localhost:{port}/")
            watch(mode, stack, children)
        finally:
            stop_all(children)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failed(f"Port {port} cannot be used ({error.strerror}). Try `make demo PORT={port + 1}`.") from None


def environment(mode: str, stack: embedded.Stack, port: int) -> dict[str, str]:
    found = stack.addresses()
    environ = {
        "TASMIM_DEMO": "1",
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "PORT": str(port),
        "DATABASE_URL": found.database_url,
        "REDIS_URL": found.redis_url,
        "TASMIM_DATA_DIR": str(stack.data_dir),
    }
    return {"DEBUG": "1", **environ} if mode == "dev" else environ


def programs(mode: str, data_dir: Path, environ: dict[str, str]) -> list[Program]:
    celery = [PYTHON, "-m", "celery", "--app", "config.celery"]
    commands = {
        "web": [PYTHON, "-m", "gunicorn", "--config", "python:config.web", "config.wsgi"],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            environ.get("WORKER_PROCESSES", "2"),
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", ""],
    }
    logs = data_dir / "logs"
    return [
        Program(name, command, logs / f"{name}.log", environ, show=mode == "dev") for name, command in commands.items()
    ]


def prepare(environ: dict[str, str]) -> None:
    """Migrations, texts, static files and demo data; each only when something changed. Prints its own progress."""
    step(environ, "scripts/messages.py", "compile")
    step({"LOG_LEVEL": "WARNING", **environ}, "manage.py", "prepare")


def step(environ: dict[str, str], *command: str) -> None:
    process = spawn([PYTHON, *command], stop=signal.SIGTERM, env=environ, cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        code = process.wait()
    except Stopped:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    if code:
        raise Failed(f"`{' '.join(command)}` failed; what it printed above says why.")


def wait_for_login(web: Program, port: int) -> None:
    until = time.monotonic() + FIRST_PAGE_SECONDS
    while (status := login_status(port)) != 200:
        if web.process is None or web.process.poll() is not None:
            raise Failed(f"The web server ended while starting: {tail(web.log)}")
        if time.monotonic() > until:
            raise Failed(f"The log-in page answers {status or 'nothing'}, not 200. See {web.log}: {tail(web.log)}")
        time.sleep(0.1)


def login_status(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", LOGIN, headers={"Host": f"alborz.localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def watch(mode: str, stack: embedded.Stack, children: list[Program]) -> None:
    """Until a signal: whatever dies is started again."""
    changes = source_changes() if mode == "dev" else None
    while True:
        for server in stack.dead():
            say(f"{server.name} ended; starting it again.")
            server.start()
        for child in children:
            child.watch(say)
        if changes is not None and next(changes):
            say("The source changed; starting again.")
            stop_all(children)
            for child in children:
                child.start()
        time.sleep(SERVERS_CHECKED_EVERY)


def source_changes() -> Iterator[bool]:
    """Whether a Python file, template or catalogue changed since the last look."""
    seen = newest_source()
    while True:
        newest = newest_source()
        yield newest != seen
        seen = newest


def newest_source() -> tuple[int, int]:
    """Newest change time and number of source files; the number sees a deleted one."""
    times = [
        path.stat().st_mtime_ns
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in {"static", "tests"}
        for pattern in ("*.py", "*.html", "*.mo")
        for path in folder.rglob(pattern)
    ]
    return max(times), len(times)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
