"""Writes many deals at once; leaves the traces that `crm.services.opportunity` leaves: a `Change` per tracked value."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from crm.fields import values as fields
from crm.importing import bulk
from crm.importing.plan import Item, Setup
from crm.importing.records import edited, gathered
from crm.importing.values import moment_of
from crm.models import Change, ChangeField, Edit, NextStep, Opportunity, RecordKind, Stage, StageKind, Via
from members.models import User
from tenants import clock

TRACKED = (ChangeField.AMOUNT, ChangeField.EXPECTED_CLOSE, ChangeField.OWNER, ChangeField.STAGE)
WRITTEN = (
    "title", "customer", "owner", "amount", "expected_close", "last_interaction_on", "lost_reason", "stage",
    "stage_since", "is_open", "closed_on", "push_count", "custom", "version", "updated_at", "search", "sort_key",
)  # fmt: skip


# One row of `Change` as text, in the order of COPIED.
Copied = tuple[str | int | datetime, ...]
COPIED = ("opportunity_id", "field", "old", "new", "old_label", "new_label", "at", "by_id")


class DealWriter:
    """`first` is the stage a deal begins in when the file does not say."""

    def __init__(self, setup: Setup, first: Stage) -> None:
        self.setup, self.first = setup, first

    def create(self, items: Sequence[Item]) -> None:
        deals = [self._new(item.shown) for item in items]
        bulk.insert(deals)
        copy_changes(change for deal in deals for change in self._beginning(deal))

    def _new(self, values: dict[str, Any]) -> Opportunity:
        stage: Stage = values.get("stage") or self.first
        opened: date | None = values.get("opened_on")
        since = (opened if stage.is_open else values.get("closed_on")) or self.setup.today
        return Opportunity(
            external_id=values["external_id"],
            title=values["title"],
            customer=values.get("customer"),
            owner=values.get("owner"),
            amount=values.get("amount"),
            expected_close=values.get("expected_close"),
            last_interaction_on=values.get("last_interaction_on"),
            lost_reason=values.get("lost_reason") or "",
            stage=stage,
            stage_since=since,
            is_open=stage.is_open,
            closed_on=values.get("closed_on"),
            created_at=moment_of(opened or values.get("closed_on")),
            updated_at=clock.now(),
            created_by=self.setup.by,
            custom=gathered(values)["custom"],
            imported_in=self.setup.batch,
        )

    def _beginning(self, deal: Opportunity) -> Iterator[Copied]:
        """A closed deal began in the first stage and closed later: the file tells both days, not the way between."""
        begins = deal.stage if deal.is_open else self.first
        yield self._change(deal, ChangeField.CREATED, None, begins, at=deal.created_at)
        if not deal.is_open:
            yield self._change(deal, ChangeField.STAGE, begins, deal.stage, at=moment_of(deal.closed_on))

    def update(self, items: Sequence[Item]) -> None:
        now, by, batch = clock.now(), self.setup.by, self.setup.batch
        bulk.insert(
            [
                Edit(
                    entity=RecordKind.OPPORTUNITY,
                    record_id=item.record.pk,
                    values=edited(item),
                    at=now,
                    by=by,
                    via=Via.IMPORT,
                    batch=batch,
                )
                for item in items
            ]
        )
        changes = [change for item in items for change in self._apply(item)]
        bulk.update([item.record for item in items], WRITTEN)
        copy_changes(changes)
        self._drop_steps([item.record for item in items if not item.record.is_open])

    def _drop_steps(self, closed: Sequence[Opportunity]) -> None:
        if not closed:
            return
        open_steps = NextStep.objects.filter(opportunity__in=closed, done_at=None, dropped_at=None)
        open_steps.update(dropped_at=clock.now(), dropped_because=str(closed[0].stage))

    def _apply(self, item: Item) -> Iterator[Copied]:
        deal: Opportunity = item.record
        now = clock.now()
        for name, value in item.differing.items():
            old = getattr(deal, name)
            if name in TRACKED:
                yield self._change(deal, ChangeField(name), old, value, at=now)
            if name == ChangeField.EXPECTED_CLOSE and old and value and value > old:
                deal.push_count += 1
            fields.put(deal, name, value)
        if "stage" in item.differing:
            self._settle(deal, item.shown)
        deal.version += 1
        deal.updated_at = now

    def _settle(self, deal: Opportunity, values: dict[str, Any]) -> None:
        deal.is_open = deal.stage.is_open
        deal.closed_on = None if deal.is_open else values.get("closed_on") or self.setup.today
        deal.stage_since = deal.closed_on or self.setup.today
        if deal.stage.kind != StageKind.LOST:
            deal.lost_reason = ""

    def _change(self, deal: Opportunity, field: ChangeField, old: object, new: object, *, at: datetime) -> Copied:
        return change_of(deal, field, old, new, at=at, by=self.setup.by)


def change_of(deal: Opportunity, field: ChangeField, old: object, new: object, *, at: datetime, by: User) -> Copied:
    return deal.pk, field.value, _canonical(old), _canonical(new), _label(old), _label(new), at, by.pk


def copy_changes(rows: Iterable[Copied]) -> None:
    """COPY takes a fifth of the time of INSERT, and there are two changes to most deals."""
    bulk.copy(Change, COPIED, rows)


def _canonical(value: object) -> str:
    if value is None:
        return ""
    return str(value.pk) if isinstance(value, Stage | User) else str(value)


def _label(value: object) -> str:
    if value is None:
        return ""
    return value.name if isinstance(value, Stage | User) else str(value)
