"""Where PostgreSQL and Valkey are: from the environment, or the embedded ones that `config.embedded` runs."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Addresses:
    database_url: str
    redis_url: str

    def redis(self, database: int) -> str:
        """The URL of one numbered database of the Redis or Valkey server (0 broker, 1 cache)."""
        return f"{self.redis_url.rstrip('/')}/{database}"


def data_dir() -> Path:
    return Path(os.environ.get("TASMIM_DATA_DIR", ROOT / ".data")).resolve()


def embedded() -> bool:
    return "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ


def addresses() -> Addresses:
    """The environment wins; what it leaves out is read from the running embedded servers' note in the data folder."""
    note: dict[str, str] = {}
    path = data_dir() / "servers.json"
    if embedded() and path.exists():
        note = json.loads(path.read_text())
    return Addresses(
        database_url=os.environ.get("DATABASE_URL") or note.get("database_url", "postgres://app@127.0.0.1:1/app"),
        redis_url=os.environ.get("REDIS_URL") or note.get("redis_url", "redis://127.0.0.1:1"),
    )


def local_secret(name: str) -> str:
    """A random text kept in the data folder, for runs on one's own machine (production must set its own)."""
    path = data_dir() / f"{name}.secret"
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(secret := secrets.token_urlsafe(48))
        return secret
