"""The long-running programs of the demo, as children of the supervisor."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.child import spawn, tail

LONGEST_PAUSE = 30.0
SHORT_LIFE = 10.0
PATIENCE = 5


class CannotStay(Exception):
    """A program ended again and again right after its start."""


@dataclass
class Program:
    """Restarted when it ends, after a pause that doubles with every short life."""

    name: str
    command: Sequence[str]
    log: Path
    environ: Mapping[str, str]
    show: bool = False  # on the terminal instead of in the log
    process: subprocess.Popen[bytes] | None = None
    short_lives: int = 0
    started: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        if self.show:
            self.process = self.spawn(None)
            return
        with self.log.open("ab") as log:
            self.process = self.spawn(log.fileno())

    def spawn(self, output: int | None) -> subprocess.Popen[bytes]:
        return spawn(
            self.command,
            stop=signal.SIGTERM,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )

    def watch(self, say: Callable[[str], object]) -> None:
        """Notices an end, and starts again when the pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.mourn(now, say)
        if self.process is None and now >= self.due:
            self.start()

    def mourn(self, now: float, say: Callable[[str], object]) -> None:
        assert self.process is not None
        code, self.process = self.process.returncode, None
        self.short_lives = self.short_lives + 1 if now - self.started < SHORT_LIFE else 0
        if self.short_lives >= PATIENCE:
            raise CannotStay(f"{self.name} ended {PATIENCE} times right after its start: {tail(self.log)}")
        pause = min(2.0**self.short_lives, LONGEST_PAUSE)
        self.due = now + pause
        say(f"{self.name} ended with {code}; starting it again in {pause:.0f} s. Its log: {self.log}")

    def restart(self) -> None:
        stop_all([self])
        self.start()


def stop_all(programs: Sequence[Program], *, seconds: float = 5) -> None:
    """Asks all at once, waits, and then ends with their whole process groups those who are still there."""
    living = [program.process for program in programs if program.process and program.process.poll() is None]
    for process in living:
        process.terminate()
    until = time.monotonic() + seconds
    for process in living:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
    for process in living:
        # Also after a good end: a worker's children may still be there.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
        process.wait()
