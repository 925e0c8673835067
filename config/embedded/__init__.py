"""PostgreSQL and Valkey from Python wheels, for runs with nothing installed. Needs no Django."""

from config.embedded.child import EmbeddedFailed
from config.embedded.session import for_command
from config.embedded.stack import Busy, Stack, running

__all__ = ["Busy", "EmbeddedFailed", "Stack", "for_command", "running"]
