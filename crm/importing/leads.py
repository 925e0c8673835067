from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import access
from crm.importing import bulk
from crm.importing.matching import Customers, squeezed
from crm.importing.names import full_name
from crm.importing.owners import owner_of
from crm.importing.plan import Action, Cells, Chunk, Item, Setup
from crm.importing.records import RecordPlanner
from crm.importing.values import moment_of, read_day
from crm.intake.arrival import arrive
from crm.models import Interaction, InteractionKind, Lead, LeadStatus, RecordKind
from tenants import clock

SENTENCE = 500


class LeadsPlanner(RecordPlanner):
    """New ones arrive as by any other door: category, promise and turn (`crm.intake.arrival`).

    A lead without a name is called by firm, e-mail, phone or id. State, day and note are taken for new ones only.

    A source is spelt as it is here, or as it was first in the file: "google" is "Google".
    One that was converted elsewhere gets the customer it became, made along the way.
    """

    model, kind = Lead, RecordKind.LEAD
    texts = {"company": 200, "source": 80}
    written = ("name", "company", "source", "phone", "email", "external_id", "owner", "custom")
    only_new = frozenset({"status", "captured_on", "note"})

    def __init__(self, setup: Setup) -> None:
        keys = ("external_id", "phone", "email")
        super().__init__(setup, keys, keys)
        self.statuses = {squeezed(text): status for text, status in (setup.options.get("statuses") or {}).items()}
        known = Lead.objects.order_by("source").values_list("source", flat=True).distinct()
        self._sources = {squeezed(source): source for source in known}
        self.customers = Customers() if LeadStatus.CONVERTED in self.statuses.values() else None

    def reach(self) -> QuerySet[Lead]:
        return access.leads(self.setup.by).select_related("owner")

    def read(self, cells: Cells) -> Item:
        values = self.plain(cells)
        values["name"] = self._name(cells) or self._called(values)
        if not values["name"]:
            return cells.reject(
                "name", _("Neither a name nor a firm, phone, e-mail or id: we cannot tell who this is.")
            )
        values["source"] = self._sources.setdefault(squeezed(values["source"]), values["source"])
        values["owner"] = owner_of(cells, self.members, self.setup)
        values["status"] = self._status(cells)
        values["captured_on"] = cells.read(
            "captured_on", lambda text: read_day(text, self.setup.date_order, self.setup.today)
        )
        values["note"] = cells.joined("note", SENTENCE)
        return self.item(cells, values)

    def _name(self, cells: Cells) -> str:
        name = full_name(cells)
        # A number is no name: it says whose it is.
        if not name or any(letter.isalpha() for letter in name):
            return name
        return self._numbered(name[:100])

    def _called(self, values: dict[str, Any]) -> str:
        for name in ("company", "email", "phone"):
            if values[name]:
                return str(values[name])[:120]
        return self._numbered(str(values["external_id"])) if values["external_id"] else ""

    def _numbered(self, number: str) -> str:
        return _("Lead {id}").format(id=number)

    def _status(self, cells: Cells) -> str:
        text = cells.text("status")
        if not text:
            return ""
        status = str(self.statuses.get(squeezed(text), ""))
        if not status:
            cells.report("status", _("This state was not matched: imported as new."))
        return status

    def rehearse(self, chunk: Chunk) -> None:
        if self.customers:
            for item in chunk.with_action(Action.NEW):
                self._new(item)
            self.customers.settle()

    def create(self, items: Sequence[Item]) -> None:
        leads = [self._new(item) for item in items]
        arrive(leads, start_clocks=self.setup.starts_clocks)
        if self.customers:
            self.customers.save_new()
        bulk.insert(leads)
        noted = ((lead, item.shown.get("note")) for lead, item in zip(leads, items, strict=True))
        bulk.insert([self._noted(lead, note) for lead, note in noted if note])

    def _new(self, item: Item) -> Lead:
        values = self.fresh({name: value for name, value in item.shown.items() if name not in self.only_new})
        captured = moment_of(item.shown.get("captured_on"))
        lead = Lead(captured_at=captured, created_at=captured, created_by_id=self.setup.by.pk, **values)
        lead.status = item.shown.get("status") or LeadStatus.NEW
        if lead.status == LeadStatus.CONVERTED and self.customers is not None:
            name = lead.company or lead.name
            lead.customer = self.customers.find(name) or self.customers.make(
                name,
                self.setup.by,
                phone=lead.phone,
                email=lead.email,
                owner=lead.owner,
                imported_in=self.setup.batch,
            )
        return lead

    def _noted(self, lead: Lead, note: str) -> Interaction:
        return Interaction(
            kind=InteractionKind.NOTE,
            sentence=note,
            happened_at=lead.captured_at,
            logged_at=clock.now(),
            by=self.setup.by,
            lead=lead,
            customer=lead.customer,
            imported_in=self.setup.batch,
        )

    def along_the_way(self) -> dict[str, int]:
        return {**super().along_the_way(), "customers": self.customers.made if self.customers else 0}
