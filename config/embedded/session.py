"""The servers for one `manage.py` command: joined when they run already, else started for as long as it takes."""

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence

from config import servers
from config.embedded.child import EmbeddedFailed
from config.embedded.stack import Busy, Stack

# What needs no database. Anything unknown is taken to need one.
WITHOUT = frozenset(
    {"collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "startapp", "version"}
)
# These look at the database only when told to.
ON_REQUEST = frozenset({"check", "makemigrations"})


@contextlib.contextmanager
def for_command(arguments: Sequence[str]) -> Iterator[None]:
    """`arguments` as in `sys.argv`. Must come before Django reads its settings."""
    if not needs_servers(arguments) or not servers.embedded():
        yield
        return
    with contextlib.ExitStack() as stack:
        join_or_start(stack)
        yield


def needs_servers(arguments: Sequence[str]) -> bool:
    if len(arguments) < 2 or {"--help", "-h", "--version"} & set(arguments):
        return False
    if arguments[1] in ON_REQUEST:
        return "--database" in arguments
    return not arguments[1].startswith("-") and arguments[1] not in WITHOUT


def join_or_start(stack: contextlib.ExitStack) -> None:
    """Joins the servers of a running demo; waits a minute for one that is just starting or just ending."""
    candidate = Stack(servers.data_dir(), say=lambda text: sys.stderr.write(f"{text}\n"))
    end = time.monotonic() + 60
    while True:
        try:
            stack.enter_context(candidate)
            return
        except Busy:
            if candidate.note.exists():
                return
            if time.monotonic() > end:
                raise EmbeddedFailed(f"The servers in {candidate.data_dir} are busy but do not get ready.") from None
        time.sleep(0.1)
