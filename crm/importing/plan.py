"""What an import would do, row by row, before anything is written. Preview, check and run all use the same plan."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from crm.importing.fields import inverse
from crm.importing.readers import Row
from crm.importing.values import DateOrder, Wrong
from members.models import User

T = TypeVar("T")
BATCH = 1000
TELL_EVERY = 500


class Action(StrEnum):
    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Finding:
    """What is wrong with one cell, in the user's language. `rejects`: the whole row stays out."""

    row: int
    column: str
    value: str
    message: str
    rejects: bool = False


@dataclass(frozen=True)
class Setup:
    """What the user chose for a file. `options` are described at `crm.importing.choices`.

    `locks`: the records that are compared stay locked until the transaction ends, because they will be written.
    """

    headings: Sequence[str]
    mapping: dict[str, str]
    options: dict[str, Any]
    by: User
    today: date
    locks: bool = False

    @property
    def date_order(self) -> DateOrder:
        return "mdy" if self.options.get("date_order") == "mdy" else "dmy"

    def creates(self, whom: str) -> bool:
        """Whether unknown "owners" or "customers" are made along the way."""
        return bool(self.options.get(f"unknown_{whom}") == "create")


@dataclass
class Item:
    """One row on its way: the record as it will be, and for an update what differs from the present one."""

    row: int
    action: Action
    shown: dict[str, object] = field(default_factory=dict)
    record: Any = None
    differing: dict[str, Any] = field(default_factory=dict)


class Tell(Protocol):
    """Hears how far it has come."""

    def __call__(self, processed: int, /) -> None: ...


def nobody(_processed: int, /) -> None:
    pass


class Cells:
    """One row by field name. What cannot be read is reported and counts as empty."""

    def __init__(
        self, row: Row, places: dict[str, list[int]], headings: Sequence[str], findings: list[Finding]
    ) -> None:
        self.number = row.number
        self._cells, self._places, self._headings, self._findings = row.cells, places, headings, findings

    def text(self, name: str, limit: int = 200) -> str:
        """Longer text than fits is cut, and reported."""
        place = self._places.get(name)
        value = self._cells[place[0]] if place else ""
        if len(value) <= limit:
            return value
        self.report(name, _("Too long: cut after %(limit)s characters.") % {"limit": limit})
        return value[:limit].rstrip()

    def parts(self, name: str) -> Iterator[tuple[str, str]]:
        """Heading and cell of all columns that fill this field."""
        for place in self._places.get(name, []):
            if self._cells[place]:
                yield self._headings[place], self._cells[place]

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return reader(value)
        except Wrong as error:
            self.report(name, str(error))
            return None

    def report(self, name: str, message: str, *, rejects: bool = False) -> None:
        place = self._places.get(name)
        column, value = (self._headings[place[0]], self._cells[place[0]]) if place else ("", "")
        self._findings.append(Finding(self.number, column, value[:200], message[:300], rejects))

    def reject(self, name: str, message: str) -> Item:
        self.report(name, message, rejects=True)
        return Item(self.number, Action.REJECTED)


class Planner(ABC):
    """Makes the plan for one kind of record, and carries it out. `write` runs in the caller's transaction."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.places = inverse(setup.mapping, setup.headings)
        self.findings: list[Finding] = []
        self.items: list[Item] = []
        self._first_row: dict[str, int] = {}

    def plan(self, rows: Iterable[Row], tell: Tell = nobody) -> None:
        for count, row in enumerate(rows, 1):
            self.items.append(self.read(Cells(row, self.places, self.setup.headings, self.findings)))
            if count % TELL_EVERY == 0:
                tell(count)
        self.compare([item for item in self.items if item.action != Action.REJECTED])

    @abstractmethod
    def read(self, cells: Cells) -> Item:
        """One row as the record it describes, without looking at the database."""

    @abstractmethod
    def compare(self, items: Sequence[Item]) -> None:
        """Finds the records that are here already; sets action and differing values."""

    @abstractmethod
    def write(self, tell: Tell = nobody) -> None:
        """In batches, without a query per row."""

    def counts(self) -> Counter[Action]:
        return Counter(item.action for item in self.items)

    def with_action(self, action: Action) -> list[Item]:
        return [item for item in self.items if item.action == action]

    def seen_in_row(self, key: str, row: int) -> int | None:
        """The earlier row of the file with this key."""
        first = self._first_row.setdefault(key, row)
        return None if first == row else first

    def along_the_way(self) -> dict[str, int]:
        """How many records of other kinds are made too: {"owners": 3, "customers": 12}."""
        return {}


def in_batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
