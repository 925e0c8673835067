"""What a newcomer's machine lacks is one sentence with its remedy."""

import socket
from pathlib import Path

import pytest

from scripts import bootstrap


@pytest.fixture
def plain_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)


def python_of_version(path: Path, version: str) -> str:
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


def test_a_busy_port_is_named_with_the_next_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            bootstrap.check_port(str(port))
    assert ended.value.code == (
        f"Error: Port {port} cannot be used (Address already in use). Try `make demo PORT={port + 1}`."
    )


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_what_is_no_port(port: str):
    with pytest.raises(SystemExit) as ended:
        bootstrap.check_port(port)
    assert ended.value.code == f"Error: PORT={port} is not a port number. Try `make demo PORT=8001`."


def test_without_a_port_none_is_checked():
    bootstrap.check_port("")


def test_a_too_old_python_is_refused_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHON", python_of_version(tmp_path / "python3", "3 10"))
    with pytest.raises(SystemExit, match=r"is too old; Tasmim needs 3\.11 or newer.*PYTHON=/path/to/python3"):
        bootstrap.find_python()


def test_a_new_one_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    python = python_of_version(tmp_path / "python3", "3 13")
    monkeypatch.setenv("PYTHON", python)
    assert bootstrap.find_python() == python


def test_an_interpreter_that_does_not_run_has_no_version(tmp_path: Path):
    assert bootstrap.version_of(str(tmp_path / "missing")) == (0,)


@pytest.mark.usefixtures("plain_user")
def test_a_plain_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libnowhere-1.so.0": "libnowhere-1-0"})
    with pytest.raises(SystemExit) as ended:
        bootstrap.check_libraries()
    assert str(ended.value.code).startswith(
        "Error: Pango, which writes the PDFs, is not complete on this machine. "
        "Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends libnowhere-1-0"
    )


def test_root_on_debian_gets_it_installed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "is_debian_root", lambda: True)
    monkeypatch.setattr("subprocess.call", lambda command, **_: ran.append(command))
    bootstrap.apt_install(["libnowhere-1-0"], "It is missing.")
    assert ran == [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "--no-install-recommends", "libnowhere-1-0", "-qq"],
    ]
    assert capsys.readouterr().out == "It is missing. Installing libnowhere-1-0 …\n"


@pytest.mark.usefixtures("plain_user")
def test_a_missing_library_that_only_warns_stops_nobody(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap, "LIBRARIES", {})
    monkeypatch.setattr(bootstrap, "OPTIONAL_LIBRARIES", {"libnowhere-1.so.0": "libnowhere-1-0"})
    bootstrap.check_libraries()
