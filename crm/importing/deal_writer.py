"""Writes many deals at once; leaves the traces that `crm.services.opportunity` leaves: a `Change` per tracked value."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from crm.importing.plan import Item, Setup, Tell, in_batches
from crm.importing.values import moment_of
from crm.models import Change, ChangeField, NextStep, Opportunity, Stage, StageKind
from members.models import User
from tenants import clock

TRACKED = (ChangeField.AMOUNT, ChangeField.EXPECTED_CLOSE, ChangeField.OWNER, ChangeField.STAGE)
WRITTEN = (
    "title", "customer", "owner", "amount", "expected_close", "last_interaction_on", "lost_reason", "stage",
    "stage_since", "is_open", "closed_on", "push_count", "version", "updated_at", "search", "sort_key",
)  # fmt: skip


# One row of `Change` as text, in the order of COPIED.
Copied = tuple[str | int | datetime, ...]
COPIED = ("opportunity_id", "field", "old", "new", "old_label", "new_label", "at", "by_id")


class DealWriter:
    """`first` is the stage a deal begins in when the file does not say."""

    def __init__(self, setup: Setup, first: Stage) -> None:
        self.setup, self.first = setup, first

    def create(self, items: Sequence[Item], tell: Tell) -> None:
        written = 0
        for batch in in_batches(items):
            deals = Opportunity.objects.bulk_create([self._new(item.shown) for item in batch])
            changes = (change for deal in deals for change in self._beginning(deal))
            copy_changes(changes)
            written += len(batch)
            tell(written)

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
        )

    def _beginning(self, deal: Opportunity) -> Iterator[Copied]:
        """A closed deal began in the first stage and closed later: the file tells both days, not the way between."""
        begins = deal.stage if deal.is_open else self.first
        yield self._change(deal, ChangeField.CREATED, None, begins, at=deal.created_at)
        if not deal.is_open:
            yield self._change(deal, ChangeField.STAGE, begins, deal.stage, at=moment_of(deal.closed_on))

    def update(self, items: Sequence[Item], tell: Tell) -> None:
        for batch in in_batches(items, 500):
            changes = [change for item in batch for change in self._apply(item)]
            deals = [item.record for item in batch]
            Opportunity.objects.bulk_update(deals, WRITTEN)
            copy_changes(changes)
            closed = [deal for deal in deals if not deal.is_open]
            open_steps = NextStep.objects.filter(opportunity__in=closed, done_at=None, dropped_at=None)
            open_steps.update(dropped_at=clock.now(), dropped_because=str(closed[0].stage) if closed else "")
            tell(len(batch))

    def _apply(self, item: Item) -> Iterator[Copied]:
        deal: Opportunity = item.record
        now = clock.now()
        for name, value in item.differing.items():
            old = getattr(deal, name)
            if name in TRACKED:
                yield self._change(deal, ChangeField(name), old, value, at=now)
            if name == ChangeField.EXPECTED_CLOSE and old and value and value > old:
                deal.push_count += 1
            setattr(deal, name, value)
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
        labels = _label(old), _label(new)
        return deal.pk, field.value, _canonical(old), _canonical(new), *labels, at, self.setup.by.pk


def copy_changes(rows: Iterable[Copied]) -> None:
    """COPY takes a fifth of the time of INSERT, and there are two changes to most deals."""
    columns = ", ".join(COPIED)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {Change._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _canonical(value: object) -> str:
    if value is None:
        return ""
    return str(value.pk) if isinstance(value, Stage | User) else str(value)


def _label(value: object) -> str:
    if value is None:
        return ""
    return value.name if isinstance(value, Stage | User) else str(value)
