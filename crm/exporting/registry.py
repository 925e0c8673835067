"""Which tables make up the whole of a firm. A room above registers its own in `AppConfig.ready()`."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django_stubs_ext import StrOrPromise

# Never written: secrets, copies for search and order, and places of files on our disk.
NEVER = frozenset({"password", "search", "sort_key", "file", "token", "token_hash", "secret", "digest", "sha256"})


@dataclass(frozen=True)
class Table:
    """`model` is "room.Model". `file` is the name in the zip, without ".csv"."""

    model: str
    file: str
    label: StrOrPromise
    without: frozenset[str] = frozenset()

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)


_tables: dict[str, Table] = {}


def register(model: str, file: str, label: StrOrPromise, *, without: tuple[str, ...] = ()) -> None:
    _tables[file] = Table(model, file, label, frozenset(without))


def tables() -> tuple[Table, ...]:
    return tuple(_tables.values())
