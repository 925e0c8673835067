"""What an import would do, row by row, before anything is written. Preview, check and run all use the same planners.

A table is taken in chunks: `take` reads the rows and compares them with what is here, `write` carries it out. A planner
remembers over the chunks only what it has to: which keys of the file it has seen, and who was made along the way.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from crm.fields.catalog import FieldInfo
from crm.importing.fields import inverse
from crm.importing.readers import Row
from crm.importing.values import DateOrder, Wrong
from crm.models import Batch
from l10n.current import Formats
from members.models import User

T = TypeVar("T")
CHUNK = 2000


class Action(StrEnum):
    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Noticed(StrEnum):
    """What is counted beside the actions, and shown before the import."""

    DOUBLES = "doubles"
    ALIKE = "alike"
    BINNED = "binned"
    OUT_OF_REACH = "out_of_reach"
    UNWRAPPED = "unwrapped"


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

    `formats`: how amounts of the file are written. `batch`: what new records are marked with; None while nothing is
    written. `locks`: the records that are compared stay locked until the transaction ends.
    """

    headings: Sequence[str]
    mapping: dict[str, str]
    options: dict[str, Any]
    by: User
    today: date
    formats: Formats
    own_fields: Sequence[FieldInfo] = ()
    batch: Batch | None = None

    @property
    def locks(self) -> bool:
        return self.batch is not None

    @property
    def date_order(self) -> DateOrder:
        return "mdy" if self.options.get("date_order") == "mdy" else "dmy"

    @property
    def empties(self) -> frozenset[str]:
        return frozenset(self.options.get("empties") or ())

    @property
    def leaves_alike_out(self) -> bool:
        return bool(self.options.get("alike") == "leave")

    @property
    def starts_clocks(self) -> bool:
        """Unless the user says so, leads without the day they came in are of unknown age: nobody waits."""
        chosen = self.options.get("clocks")
        return bool(chosen == "start" if chosen else "captured_on" in self.mapping.values())

    def creates(self, whom: str) -> bool:
        """Whether unknown "owners" or "customers" are made along the way."""
        return bool(self.options.get(f"unknown_{whom}") == "create")


class Cells:
    """One row by field name. What cannot be read is reported and counts as empty."""

    def __init__(self, row: Row, planner: "Planner", findings: list[Finding]) -> None:
        self.number = row.number
        self._cells, self._findings = row.cells, findings
        self._places, self._headings, self._empties = planner.places, planner.setup.headings, planner.empties

    def text(self, name: str, limit: int = 200) -> str:
        """Longer text than fits is cut, and reported."""
        place = self._places.get(name)
        value = self._at(place[0]) if place else ""
        if len(value) <= limit:
            return value
        self.report(name, _("Too long: cut after %(limit)s characters.") % {"limit": limit})
        return value[:limit].rstrip()

    def parts(self, name: str) -> Iterator[tuple[str, str]]:
        """Heading and cell of all columns that fill this field."""
        for place in self._places.get(name, []):
            if value := self._at(place):
                yield self._headings[place], value

    def joined(self, name: str, limit: int) -> str:
        """One column is the text itself; of several, each line says which it is."""
        parts = list(self.parts(name))
        text = parts[0][1] if len(parts) == 1 else "\n".join(f"{heading}: {cell}" for heading, cell in parts)
        if len(text) > limit:
            self.report(name, _("Too long: cut after %(limit)s characters.") % {"limit": limit})
        return text[:limit].rstrip()

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
        self._findings.append(Finding(self.number, column[:120], value[:200], message[:300], rejects))

    def reject(self, name: str, message: str) -> "Item":
        self.report(name, message, rejects=True)
        return Item(self.number, Action.REJECTED)

    def _at(self, place: int) -> str:
        value = self._cells[place]
        return "" if value.casefold() in self._empties else value


@dataclass
class Item:
    """One row on its way: the values as they will be, and for an update what differs from the present record."""

    row: int
    action: Action
    shown: dict[str, Any] = field(default_factory=dict)
    record: Any = None
    differing: dict[str, Any] = field(default_factory=dict)
    cells: Cells | None = None

    def reject(self, name: str, message: str) -> None:
        self.action = Action.REJECTED
        if self.cells:
            self.cells.report(name, message, rejects=True)

    def report(self, name: str, message: str) -> None:
        if self.cells:
            self.cells.report(name, message)


@dataclass
class Chunk:
    items: list[Item]
    findings: list[Finding]

    def with_action(self, action: Action) -> list[Item]:
        return [item for item in self.items if item.action == action]

    def counts(self) -> Counter[Action]:
        return Counter(item.action for item in self.items)


class Planner(ABC):
    """Makes the plan for one kind of record, and carries it out. `write` runs in the caller's transaction."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.places = inverse(setup.mapping, setup.headings)
        self.empties = setup.empties
        self.noticed: Counter[Noticed] = Counter()
        self._first_row: dict[int, int] = {}

    def take(self, rows: Sequence[Row]) -> Chunk:
        chunk = Chunk([], [])
        for row in rows:
            cells = Cells(row, self, chunk.findings)
            item = self.read(cells)
            item.cells = cells
            chunk.items.append(item)
            self.noticed[Noticed.UNWRAPPED] += row.unwrapped
        self.compare([item for item in chunk.items if item.action != Action.REJECTED])
        return chunk

    def recall(self, rows: Sequence[Row]) -> None:
        """Goes past rows that an earlier run has written, so that their keys are known."""
        for row in rows:
            self.read(Cells(row, self, []))
        self.noticed.clear()

    @abstractmethod
    def read(self, cells: Cells) -> Item:
        """One row as the record it describes, without looking at the database."""

    @abstractmethod
    def compare(self, items: Sequence[Item]) -> None:
        """Finds the records that are here already; sets action and differing values."""

    @abstractmethod
    def write(self, chunk: Chunk) -> None:
        """Without a query per row."""

    def rehearse(self, chunk: Chunk) -> None:  # noqa: B027  (most planners have nothing to remember)
        """Stands for `write` when nothing is written: remembers what would have been made."""

    def seen_in_row(self, key: str, row: int) -> int | None:
        """The earlier row of the file with this key."""
        first = self._first_row.setdefault(hash(key), row)
        if first == row:
            return None
        self.noticed[Noticed.DOUBLES] += 1
        return first

    def along_the_way(self) -> dict[str, int]:
        """How many records of other kinds are made too: {"owners": 3, "customers": 12}."""
        return {}


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
