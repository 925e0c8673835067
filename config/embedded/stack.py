"""Both servers of one data folder, guarded by a lock, with a note (`servers.json`) that tells others where they are."""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from config.embedded import account
from config.embedded.child import EmbeddedFailed
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey
from config.servers import Addresses

LOG_LIMIT = 5 * 1024 * 1024


class Busy(EmbeddedFailed):
    """Another process runs the servers of this data folder."""


def silent(_text: str) -> None:
    pass


class Stack:
    """Starts what the environment leaves out. A context manager; must be entered in the main thread."""

    def __init__(
        self,
        data_dir: Path,
        *,
        say: Callable[[str], object] = silent,
        environ: Mapping[str, str] = os.environ,
        postgres_settings: Mapping[str, str] = MappingProxyType({}),
        durable: bool = True,
    ) -> None:
        self.data_dir, self.say, self.environ = data_dir.resolve(), say, environ
        self.postgres_settings, self.durable = postgres_settings, durable
        self.servers: list[Postgres | Valkey] = []
        self.lock: int | None = None

    @property
    def note(self) -> Path:
        return self.data_dir / "servers.json"

    def __enter__(self) -> Self:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.lock = take_lock(self.data_dir)
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        self.note.unlink(missing_ok=True)
        owner = account.for_servers()
        base = account.reachable_base(self.data_dir, owner)
        if base != self.data_dir:
            self.say(f"The servers' user cannot reach {self.data_dir}; their data is in {base}.")
        if not self.environ.get("DATABASE_URL"):
            self.servers.append(
                Postgres(
                    base,
                    log=self.log("postgres"),
                    password=kept_password(self.data_dir, "postgres"),
                    account=owner,
                    settings=self.postgres_settings,
                )
            )
        if not self.environ.get("REDIS_URL"):
            password = kept_password(self.data_dir, "valkey")
            self.servers.append(
                Valkey(base, log=self.log("valkey"), password=password, account=owner, durable=self.durable)
            )
        for server in self.servers:
            self.check_owner(server.data, owner)
            server.start()
        self.write_note()

    def check_owner(self, folder: Path, owner: account.Account | None) -> None:
        """A folder that root made holds another user's files; a plain user cannot open it, and should know why."""
        wanted = owner.uid if owner else os.geteuid()
        with contextlib.suppress(FileNotFoundError):
            if (found := folder.stat().st_uid) != wanted and os.geteuid() != 0:
                raise EmbeddedFailed(
                    f"{folder} belongs to user {found}. Start as the user who made it, or set TASMIM_DATA_DIR."
                )

    def log(self, name: str) -> Path:
        path = self.data_dir / "logs" / f"{name}.log"
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return path

    def addresses(self) -> Addresses:
        urls = {type(server): server.url for server in self.servers}
        return Addresses(
            database_url=self.environ.get("DATABASE_URL") or urls[Postgres],
            redis_url=self.environ.get("REDIS_URL") or urls[Valkey],
        )

    def write_note(self) -> None:
        if not self.servers:
            return
        found = self.addresses()
        text = json.dumps({"database_url": found.database_url, "redis_url": found.redis_url, "pid": os.getpid()})
        write_private(self.note, text)

    def dead(self) -> list[Postgres | Valkey]:
        return [server for server in self.servers if server.process is None or server.process.poll() is not None]

    def close(self) -> None:
        if self.lock is None:
            return
        self.note.unlink(missing_ok=True)
        for server in reversed(self.servers):
            server.stop()
        os.close(self.lock)
        self.lock = None


@contextlib.contextmanager
def running(data_dir: Path, *, say: Callable[[str], object] = silent) -> Iterator[Addresses]:
    """The servers of `data_dir`, for as long as the block lasts. Raises Busy when another process runs them."""
    with Stack(data_dir, say=say) as stack:
        yield stack.addresses()


def take_lock(data_dir: Path) -> int:
    """Freed by the kernel when this process ends in any way; not inherited by children."""
    handle = os.open(data_dir / "servers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy(f"Another process runs the servers in {data_dir}. Stop it first, or set TASMIM_DATA_DIR.") from None
    return handle


def kept_password(data_dir: Path, name: str) -> str:
    """The server's password, made once; written whole or not at all."""
    path = data_dir / f"{name}.secret"
    if not path.exists():
        write_private(path, secrets.token_hex(24))
    return path.read_text()


def write_private(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    unfinished.replace(path)
