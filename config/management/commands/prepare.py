"""`manage.py prepare`: whatever has to be done between new code and the first request, and only that.

The same command serves the demo, a deployment and a developer: migrations, static files, demo data (in demo mode).
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command

from config import schema_state


class Command(BaseCommand):
    help = "Migrates all schemas, collects static files and loads the demo, each only when something changed."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if waiting := schema_state.behind():
            call_command("check", fail_level="ERROR", stdout=self.stdout)  # nothing is migrated by wrong settings
            self.timed(f"Migrating {len(waiting)} schemas", schema_state.bring_up)
        call_command("check", databases=["default"], fail_level="ERROR", stdout=self.stdout)
        if not settings.DEBUG and (fingerprint := static_fingerprint()) != collected_fingerprint():
            self.timed("Collecting static files", lambda: collect(fingerprint))
        if settings.DEMO:
            call_command("demo_load", stdout=self.stdout)

    def timed(self, text: str, work: Callable[[], object]) -> None:
        self.stdout.write(f"{text} …")
        self.stdout.flush()
        started = time.monotonic()
        work()
        self.stdout.write(f"  done in {time.monotonic() - started:.1f} s")


def static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".fingerprint"


def collected_fingerprint() -> str | None:
    return stamp().read_text() if stamp().exists() else None


def collect(fingerprint: str) -> None:
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp().write_text(fingerprint)
