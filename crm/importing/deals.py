import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm import access
from crm.importing.deal_writer import DealWriter
from crm.importing.guarding import Guard
from crm.importing.matching import Customers, Members, squeezed
from crm.importing.owners import owner_of
from crm.importing.plan import Action, Cells, Chunk, Item, Noticed, Planner, Setup
from crm.importing.prices import Prices
from crm.importing.readers import Unreadable
from crm.importing.records import own_values
from crm.importing.values import read_amount, read_day
from crm.models import Customer, Opportunity, Stage, StageKind

OWN_KEY = "~"


@dataclass(frozen=True)
class Days:
    """The days of a row that belong together."""

    opened: date | None
    closing: date | None


class DealsPlanner(Planner):
    """A deal is known by its id in the other system, else by title, customer and the day it was opened.

    Stages guard themselves here too (`Guard`). Empty cells leave what is here alone.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.members = Members()
        self.customers = Customers()
        self.stages = list(Stage.objects.all())
        self._by_pk = {stage.pk: stage for stage in self.stages}
        opened = [stage for stage in self.stages if stage.is_open]
        if not opened:
            raise Unreadable(_("There are no stages yet. Set up the pipeline first."))
        self._first = opened[0]
        self._guard = Guard(self.stages)
        self._chosen = {squeezed(text): pk for text, pk in (setup.options.get("stages") or {}).items()}
        self._prices = Prices((setup.options.get("price_list") or {}).get("prices") or [])
        self._times: Counter[int] = Counter()
        self.writer = DealWriter(setup, self._first)

    # --- One row --------------------------------------------------------------------------------------------------
    def read(self, cells: Cells) -> Item:
        title = self._title(cells)
        if not title:
            return cells.reject(
                "title", _("Neither a title, a product nor a customer: we cannot tell which deal this is.")
            )
        external_id = cells.text("external_id", 80)
        if external_id and (first := self.seen_in_row(external_id, cells.number)):
            return cells.reject("external_id", _("The same id stands in row %(row)s.") % {"row": first})
        days = self._days(cells)
        customer = self._customer(cells)
        stage = self._stage(cells)
        values: dict[str, Any] = {
            "external_id": external_id or self._own_key(title, cells.text("customer"), days.opened),
            "title": title,
            "stage": stage,
            "customer": customer,
            "owner": owner_of(cells, self.members, self.setup),
            "amount": self._amount(cells, stage),
            "opened_on": days.opened,
            "last_interaction_on": self._past_day(cells, "last_interaction_on"),
            **self._closing(cells, stage, days),
            **own_values(cells, self.setup),
        }
        return Item(cells.number, Action.NEW, {name: value for name, value in values.items() if value is not None})

    def _title(self, cells: Cells) -> str:
        if title := cells.text("title"):
            return title
        return " – ".join(part for part in (cells.text("product")[:90], cells.text("customer")[:100]) if part)

    def _own_key(self, title: str, customer: str, opened: date | None) -> str:
        """Of rows that look the same, the second time in a file is another deal than the first."""
        said = "|".join((squeezed(title), squeezed(customer), str(opened or "")))
        digest = hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()
        self._times[hash(digest)] += 1
        return f"{OWN_KEY}{digest}.{self._times[hash(digest)]}"

    def _days(self, cells: Cells) -> Days:
        opened, closing = self._past_day(cells, "opened_on"), self._day(cells, "close_date")
        if opened and closing and closing < opened:
            cells.report("close_date", _("Closed before it was opened: imported without the opening day."))
            opened = None
        return Days(opened, closing)

    def _day(self, cells: Cells, name: str) -> date | None:
        return cells.read(name, lambda text: read_day(text, self.setup.date_order, self.setup.today))

    def _past_day(self, cells: Cells, name: str) -> date | None:
        day = self._day(cells, name)
        if day and day > self.setup.today:
            cells.report(name, _("This day is still to come: imported without it."))
            return None
        return day

    def _customer(self, cells: Cells) -> Customer | None:
        name = cells.text("customer")
        if not name:
            if "customer" in self.places:
                cells.report("customer", _("No customer: imported without."))
            return None
        found = self.customers.find(name)
        if found is None and self.setup.creates("customers"):
            return self.customers.make(name, self.setup.by, imported_in=self.setup.batch)
        if found is None:
            cells.report("customer", _("No customer has this name: imported without."))
        return found

    def _stage(self, cells: Cells) -> Stage | None:
        text = cells.text("stage")
        if not text:
            return None
        stage = self._by_pk.get(self._chosen.get(squeezed(text), 0))
        if stage is None:
            cells.report(
                "stage", _("This stage was not matched: the deal is put into “%(stage)s”.") % {"stage": self._first}
            )
        return stage

    def _amount(self, cells: Cells, stage: Stage | None) -> Decimal | None:
        amount = cells.read("amount", lambda text: read_amount(text, self.setup.formats))
        if amount is None and (stage is None or stage.is_open):
            return self._prices.fill(cells)
        return amount

    def _closing(self, cells: Cells, stage: Stage | None, days: Days) -> dict[str, Any]:
        if stage is None or stage.is_open:
            return {"expected_close": days.closing}
        closed_on = days.closing
        if closed_on is None or closed_on > self.setup.today:
            cells.report("close_date", _("A closed deal needs the day it closed: today was taken."))
            closed_on = self.setup.today
        reason = cells.text("lost_reason") if stage.kind == StageKind.LOST else ""
        return {"closed_on": closed_on, "lost_reason": reason or None}

    # --- All rows -------------------------------------------------------------------------------------------------
    def compare(self, items: Sequence[Item]) -> None:
        known = self._known([str(item.shown["external_id"]) for item in items])
        reach = set(
            access.opportunities(self.setup.by)
            .filter(pk__in=[deal.pk for deal in known.values()])
            .values_list("pk", flat=True)
        )
        for item in items:
            item.record = known.get(str(item.shown["external_id"]))
            if item.record and item.record.pk not in reach:
                self.noticed[Noticed.OUT_OF_REACH] += 1
                item.reject("external_id", _("It is here already, among records that you do not see."))
            self._guard.hold(item)
            if item.record and item.action != Action.REJECTED:
                item.differing = dict(self._differing(item.record, item.shown))
                item.action = Action.UPDATE if item.differing else Action.UNCHANGED

    def _known(self, external_ids: Sequence[str]) -> dict[str, Opportunity]:
        deals = Opportunity.objects.filter(external_id__in=external_ids).select_related("stage", "owner", "customer")
        if self.setup.locks:
            deals = deals.select_for_update(of=("self",))
        return {deal.external_id: deal for deal in deals}

    def _differing(self, deal: Opportunity, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for name in ("title", "amount", "expected_close", "closed_on", "lost_reason", "stage"):
            if name in values and getattr(deal, name) != values[name]:
                yield name, values[name]
        for name in ("customer", "owner"):
            if name in values and getattr(deal, f"{name}_id") != values[name].pk:
                yield name, values[name]
        for name, value in values.items():
            if name.startswith("custom.") and deal.custom.get(name.removeprefix("custom.")) != value:
                yield name, value
        spoken = values.get("last_interaction_on")
        if spoken and (deal.last_interaction_on is None or spoken > deal.last_interaction_on):
            yield "last_interaction_on", spoken

    def write(self, chunk: Chunk) -> None:
        self.members.save_new()
        self.customers.save_new()
        self.writer.create(chunk.with_action(Action.NEW))
        self.writer.update(chunk.with_action(Action.UPDATE))

    def rehearse(self, chunk: Chunk) -> None:
        self.customers.settle()

    def along_the_way(self) -> dict[str, int]:
        return {"owners": len(self.members.new), "customers": self.customers.made}
