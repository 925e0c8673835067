from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import access
from crm.importing import bulk
from crm.importing.matching import Customers, likely_sector
from crm.importing.owners import owner_of
from crm.importing.plan import Action, Cells, Chunk, Item, Setup
from crm.importing.records import Known, RecordPlanner
from crm.models import Customer, RecordKind
from tenants import clock

NOTE = 5000


class CustomersPlanner(RecordPlanner):
    """A customer is known by the id in the other system, else by name."""

    model, kind = Customer, RecordKind.CUSTOMER
    texts = {"sector": 80, "city": 80}
    written = ("name", "external_id", "sector", "city", "phone", "email", "owner", "note", "custom")

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup, ("external_id", "name", "phone", "email"), ("external_id", "name"))
        self.customers = Customers()

    def reach(self) -> QuerySet[Customer]:
        return access.customers(self.setup.by).select_related("owner")

    def read(self, cells: Cells) -> Item:
        name = cells.text("name")
        if not name:
            return cells.reject("name", _("A customer needs a name."))
        values = {
            "name": name,
            **self.plain(cells),
            "owner": owner_of(cells, self.members, self.setup),
            "note": cells.joined("note", NOTE),
        }
        if likely := likely_sector(str(values["sector"])):
            cells.report("sector", _("Perhaps “%(word)s” was meant. Imported as it stands.") % {"word": likely})
        return self.item(cells, values)

    def known(self, key: str, items: Sequence[Item]) -> Known:
        if key != "name":
            return super().known(key, items)
        found = ((self.key_of(key, item.shown), self.customers.find(item.shown["name"])) for item in items)
        return {value: customer.pk for value, customer in found if customer and customer.pk}, {}

    def create(self, items: Sequence[Item]) -> None:
        by, now = self.setup.by, clock.now()
        new = [Customer(created_by_id=by.pk, created_at=now, **self.fresh(item.shown)) for item in items]
        bulk.insert(new)
        for customer in new:
            self.customers.remember(customer)

    def rehearse(self, chunk: Chunk) -> None:
        for item in chunk.with_action(Action.NEW):
            self.customers.remember(Customer(name=item.shown["name"]))
