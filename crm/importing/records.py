"""What the planners of leads, customers and contacts share: who a row is, what differs, and the writing of both."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.fields import values as fields
from crm.fields.catalog import FieldInfo, Kind
from crm.importing import bulk
from crm.importing.matching import Members, squeezed
from crm.importing.plan import Action, Cells, Chunk, Item, Noticed, Planner, Setup
from crm.importing.values import (
    read_amount,
    read_choice,
    read_day,
    read_email,
    read_number,
    read_phone,
    read_yes_no,
)
from crm.models import Contact, Customer, Edit, Lead, RecordKind, Via
from crm.services.records import differing_of, put_all
from l10n.formats import home_region
from tenants import clock

Record = Lead | Customer | Contact
Known = tuple[dict[str, int], dict[str, int]]
# Of which key the words below say that it is the same.
SAME: dict[str, Callable[[], str]] = {
    "external_id": lambda: _("the same id"),
    "phone": lambda: _("the same phone"),
    "email": lambda: _("the same e-mail"),
    "name": lambda: _("the same name"),
}


class RecordPlanner(Planner):
    """A row is known by the first of `keys` that it has. Empty cells leave what is here alone.

    `texts` are plain fields and the longest text that fits; `only_new` are values that an update does not touch.
    """

    model: ClassVar[type[Record]]
    kind: ClassVar[RecordKind]
    texts: ClassVar[Mapping[str, int]]
    written: ClassVar[tuple[str, ...]]
    only_new: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, setup: Setup, keys: tuple[str, ...], usual: tuple[str, ...]) -> None:
        super().__init__(setup)
        chosen = str(setup.options.get("match") or "")
        self.keys = () if chosen == "none" else (chosen,) if chosen in keys else usual
        self.all_keys = keys
        self.members = Members()
        self.region = home_region(setup.formats)
        self._taken: set[int] = set()

    def reach(self) -> QuerySet[Any]:
        """The records that the importing user may change."""
        raise NotImplementedError

    # --- One row --------------------------------------------------------------------------------------------------
    def plain(self, cells: Cells) -> dict[str, Any]:
        return {
            **{name: cells.text(name, limit) for name, limit in self.texts.items()},
            "phone": cells.read("phone", lambda text: read_phone(text, self.region)),
            "email": cells.read("email", read_email),
            "external_id": cells.text("external_id", 80),
            **own_values(cells, self.setup),
        }

    def item(self, cells: Cells, values: Mapping[str, Any]) -> Item:
        """A new row, unless one above it is the same."""
        shown = {name: value for name, value in values.items() if value not in (None, "")}
        key = next((key for key in self.keys if shown.get(key)), None)
        if key and (first := self.seen_in_row(f"{key}:{self.key_of(key, shown)}", cells.number)):
            words = {"row": first, "same": SAME[key]()}
            return cells.reject(key, _("Row %(row)s is the same: %(same)s.") % words)
        return Item(cells.number, Action.NEW, shown)

    def key_of(self, key: str, values: Mapping[str, Any]) -> str:
        """How a value is compared."""
        value = str(values.get(key) or "")
        return squeezed(value) if key == "name" else value

    # --- A chunk --------------------------------------------------------------------------------------------------
    def compare(self, items: Sequence[Item]) -> None:
        found = {key: self.known(key, items) for key in self.all_keys}
        known = {key: here for key, (here, _in_bin) in found.items()}
        binned = {key: in_bin for key, (_here, in_bin) in found.items() if key in self.keys}
        matched = {item.row: pk for item in items if (pk := self._match(item, known))}
        records = self._locked(set(matched.values()))
        for item in items:
            record = records.get(matched.get(item.row, 0))
            if record is not None and self._is_other(record, item):
                record = None
            if record is not None:
                self._set(item, record)
            elif item.row in matched and matched[item.row] not in records:
                self.noticed[Noticed.OUT_OF_REACH] += 1
                item.reject(self.keys[0], _("It is here already, among records that you do not see."))
            else:
                self._look_around(item, known, binned)

    def known(self, key: str, items: Sequence[Item]) -> Known:
        """Compared value → the oldest record that has it; those that live, and those in the bin."""
        wanted = {value for item in items if (value := self.key_of(key, item.shown))}
        if not wanted:
            return {}, {}
        rows = self.model.with_binned.filter(**{f"{key}__any_of": wanted}).exclude(**{key: ""}).order_by("-pk")
        # Apart, because the live ones and those in the bin have indexes of their own.
        here, in_bin = (rows.filter(deleted_at__isnull=live).values_list(key, "pk") for live in (True, False))
        return dict(here), dict(in_bin)

    def _match(self, item: Item, known: Mapping[str, Mapping[str, int]]) -> int | None:
        for key in self.keys:
            pk = known[key].get(self.key_of(key, item.shown))
            if pk and pk not in self._taken:
                self._taken.add(pk)
                return pk
        return None

    def _locked(self, pks: Collection[int]) -> dict[int, Record]:
        if not pks:
            return {}
        records = self.reach().filter(pk__in=pks)
        if self.setup.locks:
            records = records.select_for_update(of=("self",))
        return {record.pk: record for record in records}

    def _is_other(self, record: Record, item: Item) -> bool:
        """The same name or phone with another id is somebody else."""
        given = item.shown.get("external_id")
        return bool(given and record.external_id and given != record.external_id)

    def _set(self, item: Item, record: Record) -> None:
        values = {name: value for name, value in item.shown.items() if name not in self.only_new}
        if squeezed(str(values.get("name", ""))) == squeezed(record.name):
            values.pop("name", None)
        item.record, item.differing = record, differing_of(record, values)
        item.action = Action.UPDATE if item.differing else Action.UNCHANGED

    def _look_around(
        self, item: Item, known: Mapping[str, Mapping[str, int]], binned: Mapping[str, Mapping[str, int]]
    ) -> None:
        """Says what is like the new one: here by another key, or in the bin."""
        for key, found in binned.items():
            if found.get(self.key_of(key, item.shown)):
                self.noticed[Noticed.BINNED] += 1
                item.report(key, _("One with %(same)s lies in the bin: a new one is made.") % {"same": SAME[key]()})
                break
        alike = next((key for key in self.all_keys if known[key].get(self.key_of(key, item.shown))), None)
        if alike is None:
            return
        self.noticed[Noticed.ALIKE] += 1
        said = _("One with %(same)s is here already.") % {"same": SAME[alike]()}
        if self.setup.leaves_alike_out:
            item.reject(alike, said)
        else:
            item.report(alike, said)

    # --- Writing --------------------------------------------------------------------------------------------------
    def write(self, chunk: Chunk) -> None:
        self.members.save_new()
        self.create(chunk.with_action(Action.NEW))
        self.update(chunk.with_action(Action.UPDATE))

    def create(self, items: Sequence[Item]) -> None:
        raise NotImplementedError

    def update(self, items: Sequence[Item]) -> None:
        now, by = clock.now(), self.setup.by
        changed = [
            Edit(
                entity=self.kind,
                record_id=item.record.pk,
                values=edited(item),
                at=now,
                by=by,
                via=Via.IMPORT,
                batch=self.setup.batch,
            )
            for item in items
        ]
        bulk.insert(changed)
        for item in items:
            put_all(item.record, item.differing)
            item.record.version += 1
            item.record.updated_at = now
        bulk.update([item.record for item in items], (*self.written, "version", "updated_at", "search", "sort_key"))

    def fresh(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The keywords of a new record, own fields gathered."""
        batch = self.setup.batch
        return {**gathered(values), "imported_in_id": batch.pk if batch else None, "updated_at": clock.now()}

    def along_the_way(self) -> dict[str, int]:
        return {"owners": len(self.members.new)}


def edited(item: Item) -> dict[str, list[fields.Json]]:
    record = item.record
    return {
        name: [fields.to_json(fields.get(record, name)), fields.to_json(new)] for name, new in item.differing.items()
    }


def gathered(values: Mapping[str, Any]) -> dict[str, Any]:
    """Own fields under "custom" as the models keep them."""
    own = {name.removeprefix("custom."): value for name, value in values.items() if name.startswith("custom.")}
    return {**{name: value for name, value in values.items() if not name.startswith("custom.")}, "custom": own}


def own_values(cells: Cells, setup: Setup) -> dict[str, fields.Json]:
    """What the row says in the firm's own fields, in canonical JSON."""
    return {info.name: fields.to_json(cells.read(info.name, _reader(info, setup))) for info in setup.own_fields}


def _reader(info: FieldInfo, setup: Setup) -> Callable[[str], Any]:
    readers: dict[Kind, Callable[[str], Any]] = {
        Kind.MONEY: lambda text: read_amount(text, setup.formats),
        Kind.NUMBER: read_number,
        Kind.DATE: lambda text: read_day(text, setup.date_order, setup.today),
        Kind.CHOICE: partial(read_choice, choices=info.choices),
        Kind.YES_NO: read_yes_no,
    }
    return readers.get(info.kind, str)
