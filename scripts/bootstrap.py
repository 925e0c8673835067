#!/usr/bin/env python3
"""Makes the virtual environment and checks the machine: `bootstrap.py runtime|dev`.

Any Python from 3.6 on can read this file, so that a too old one gets a sentence instead of a traceback. What is missing
is said with its remedy; on Debian and Ubuntu root gets the remedy carried out.
"""

import ctypes
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import List, NoReturn, Tuple  # noqa: UP035  (for old interpreters)

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
LOCKS = {"runtime": ["runtime"], "dev": ["runtime", "dev"]}
# WeasyPrint loads these by name. Without harfbuzz-subset PDFs come out right, but with a warning.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libfontconfig.so.1": "libfontconfig1",
}
OPTIONAL_LIBRARIES = {"libharfbuzz-subset.so.0": "libharfbuzz-subset0"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    check_port(os.environ.get("CHECK_PORT", ""))
    python = find_python()
    check_libraries()
    if kind == "dev":
        check_chromium()
    make_venv(python)
    for lock in LOCKS[kind]:
        install(lock)
    add_root()


def fail(text: str) -> NoReturn:
    sys.exit(f"Error: {text}")


def say(text: str) -> None:
    print(text, flush=True)


def is_debian_root() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: List[str], why: str) -> None:  # noqa: UP006
    """Installs as root on Debian or Ubuntu; otherwise says the command and ends."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not is_debian_root():
        fail(f"{why} Run: sudo apt-get update && sudo {' '.join(command)}")
    say(f"{why} Installing {' '.join(packages)} …")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        if subprocess.call(step, env=environ, stdout=subprocess.DEVNULL):
            fail(f"`{' '.join(step)}` failed; what it printed above says why.")


def check_port(port: str) -> None:
    """Before minutes of installing; only when a port is going to be used (`make demo`)."""
    if not port:
        return
    if not port.isdigit() or not 0 < int(port) < 65536:
        fail(f"PORT={port} is not a port number. Try `make demo PORT=8001`.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            fail(f"Port {port} cannot be used ({error.strerror}). Try `make demo PORT={int(port) + 1}`.")


def find_python() -> str:
    """The interpreter for the virtual environment: $PYTHON, this one, or a newer one beside it."""
    wanted = os.environ.get("PYTHON")
    names = [wanted] if wanted else [sys.executable, *(f"python3.{minor}" for minor in (14, 13, 12, 11))]
    for name in names:
        path = shutil.which(name)
        if path and version_of(path) >= OLDEST:
            if subprocess.call([path, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL):
                apt_install(["python3-venv"], "Python's venv module is missing.")
            return path
    fail(
        f"Python {sys.version.split()[0]} is too old; Tasmim needs 3.11 or newer. Install one (Debian 12 and Ubuntu "
        "24.04 have it; elsewhere `uv python install 3.12`) and run again with PYTHON=/path/to/python3."
    )


def version_of(python: str) -> Tuple[int, ...]:  # noqa: UP006
    """(0,) when it does not run."""
    try:
        script = "import sys; print(*sys.version_info[:2])"
        found = subprocess.check_output([python, "-c", script], stderr=subprocess.DEVNULL).split()
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in found)


def check_libraries() -> None:
    """PDFs need Pango. (On a Mac it comes from Homebrew under other names; WeasyPrint finds it or says so.)"""
    if sys.platform != "linux":
        return
    missing = [package for name, package in LIBRARIES.items() if not loads(name)]
    optional = [package for name, package in OPTIONAL_LIBRARIES.items() if not loads(name)]
    if missing or (optional and is_debian_root()):
        apt_install(missing + optional, "Pango, which writes the PDFs, is not complete on this machine.")


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_chromium() -> None:
    if any(shutil.which(name) for name in BROWSERS):
        return
    if is_debian_root():
        apt_install(["chromium"], "The browser tests need Chromium.")
    else:
        say("Chromium is missing, so browser tests will fail. Run: sudo apt-get install chromium")


def make_venv(python: str) -> None:
    """Also again when the interpreter it was made with has moved away."""
    if version_of(PYTHON) >= OLDEST:
        return
    say(f"Making .venv with {python} …")
    shutil.rmtree(str(VENV), ignore_errors=True)
    if subprocess.call([python, "-m", "venv", str(VENV)]):
        fail(f"{python} could not make a virtual environment in {VENV}.")


def install(lock: str) -> None:
    """Nothing to do when this lock is the one installed last. uv, where it is at hand, takes seconds; else pip."""
    path, stamp = ROOT / "requirements" / f"{lock}.txt", VENV / f"installed-{lock}"
    wanted = hashlib.sha256(path.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    count = sum(line[:1].isalpha() for line in path.read_text().splitlines())
    say(f"Installing {count} packages of requirements/{lock}.txt …")
    started = time.time()
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "--no-input"]
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if subprocess.call([*pip, "--quiet", "--require-hashes", "--requirement", str(path)], env=environ):
        fail("The packages could not be installed; what is printed above says why. Is the network there?")
    stamp.write_text(wanted)
    say(f"  done in {time.time() - started:.0f} s")


def add_root() -> None:
    """Makes the rooms importable in this environment, also for tools that do not start in the project's folder."""
    script = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    folder = subprocess.check_output([PYTHON, "-c", script], universal_newlines=True).strip()
    path = Path(folder) / "tasmim.pth"
    if not path.exists() or path.read_text().strip() != str(ROOT):
        path.write_text(f"{ROOT}\n")


if __name__ == "__main__":
    main()
