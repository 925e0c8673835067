"""A server as a direct child: reaped by us, told to stop when we die, never confused with somebody else's process."""

import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from config.embedded.account import Account

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedFailed(Exception):
    """An embedded server cannot run; the message says why and what to do."""


def signal_at_parents_end(sign: signal.Signals) -> None:
    """The kernel sends us `sign` when the thread that started us ends, even by kill -9. Linux only."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(sign))


def dies_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`. Runs after the change of user, which would clear it. Call Popen from the main thread."""
    parent = os.getpid()

    def before_exec() -> None:
        signal_at_parents_end(sign)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def spawn(
    command: Sequence[str | Path], *, stop: signal.Signals, account: Account | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """Starts `command` in a session of its own, so that a Ctrl-C in the terminal reaches only the supervisor."""
    owner = account.popen_options() if account else {}
    return subprocess.Popen(
        [str(part) for part in command],
        start_new_session=True,
        preexec_fn=dies_with_parent(stop),  # noqa: PLW1509  (no thread runs when we start children)
        **owner,
        **options,
    )


def free_port() -> int:
    """A port nobody listens on, below the range from which the kernel takes ports for outgoing connections."""
    for port in random.SystemRandom().sample(range(20000, 32000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise EmbeddedFailed("No free TCP port between 20000 and 32000 on 127.0.0.1.")


def wait_until(ready: Callable[[], bool], *, process: subprocess.Popen[bytes], seconds: float, log: Path) -> None:
    name = log.stem
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise EmbeddedFailed(f"{name} ended with {process.returncode}: {tail(log)}")
        if time.monotonic() > until:
            raise EmbeddedFailed(f"{name} is not ready after {seconds:.0f} seconds: {tail(log)}")
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes], sign: signal.Signals, seconds: float) -> None:
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tail(log: Path, lines: int = 5) -> str:
    try:
        return " | ".join(log.read_text(errors="replace").strip().splitlines()[-lines:]) or "its log is empty"
    except OSError:
        return "it left no log"


def processes_in(folder: Path) -> Iterator[int]:
    """Live processes other than ours whose working folder is `folder`; empty where there is no /proc."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == str(folder) and int(entry.name) != os.getpid():
                yield int(entry.name)
        except OSError:  # ended, a zombie, or another user's
            continue


def clear_orphans(folder: Path, *, patience: float = 10) -> None:
    """Waits for the servers of a killed supervisor, which are already stopping, and then insists.

    PostgreSQL and Valkey work inside their data folder, so this finds them without believing a pid file,
    whose number may meanwhile be another program's. The caller holds the lock: nobody else starts one here.
    """
    for sign, seconds in ((None, patience), (signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
        for pid in processes_in(folder):
            if sign is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, sign)
        until = time.monotonic() + seconds
        while any(processes_in(folder)):
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        else:
            return
    raise EmbeddedFailed(
        f"A process that works in {folder} does not end: {list(processes_in(folder))}. End it by hand."
    )
