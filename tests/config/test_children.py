"""The programs under the supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.children import CannotStay, Program, stop_all

STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()"])
print(child.pid, flush=True)
signal.pause()
"""


def program(tmp_path: Path, script: str) -> Program:
    return Program("web", [sys.executable, "-c", script], tmp_path / "web.log", dict(os.environ))


def wait(condition) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_that_dies_is_started_again_after_a_pause(tmp_path: Path):
    web = program(tmp_path, "import signal; signal.pause()")
    said: list[str] = []
    web.start()
    assert web.process
    first = web.process.pid
    os.kill(first, signal.SIGKILL)
    web.process.wait()
    web.watch(said.append)
    assert said == [f"web ended with -9; starting it again in 2 s. Its log: {tmp_path / 'web.log'}"]
    assert web.process is None
    web.due = time.monotonic()
    web.watch(said.append)
    assert web.process is not None
    assert web.process.pid != first
    stop_all([web])


def test_a_program_that_cannot_stay_ends_all(tmp_path: Path):
    web = program(tmp_path, "raise SystemExit('no such port')")

    def live_and_die_often() -> None:
        for _ in range(20):
            web.due = 0
            web.watch(lambda _text: None)
            if web.process:
                web.process.wait()

    with pytest.raises(CannotStay, match=r"web ended 5 times right after its start: .*no such port"):
        live_and_die_often()


def test_stopping_ends_the_deaf_too_with_their_children(tmp_path: Path):
    web = program(tmp_path, STUBBORN)
    web.start()
    wait(lambda: web.log.exists() and web.log.read_text().endswith("\n"))
    grandchild = int(web.log.read_text())
    started = time.monotonic()
    stop_all([web], seconds=0.3)
    assert time.monotonic() - started < 5
    assert web.process is not None
    assert web.process.returncode == -signal.SIGKILL
    wait(lambda: not alive(grandchild))


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path):
    script = (
        "import signal, sys; from pathlib import Path; from config.children import Program\n"
        "web = Program('web', [sys.executable, '-c', 'import signal; signal.pause()'], Path(sys.argv[1]), {})\n"
        "web.start(); print(web.process.pid, flush=True); signal.pause()"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    child = int(supervisor.stdout.readline())
    assert alive(child)
    supervisor.kill()
    supervisor.communicate()
    wait(lambda: not alive(child))
