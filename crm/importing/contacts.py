from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import access
from crm.importing import bulk
from crm.importing.matching import Customers, squeezed
from crm.importing.names import full_name
from crm.importing.plan import Cells, Chunk, Item, Setup
from crm.importing.records import Known, RecordPlanner
from crm.importing.values import read_yes_no
from crm.models import Contact, Customer, RecordKind
from tenants import clock


class ContactsPlanner(RecordPlanner):
    """A contact is known by the id in the other system, by phone, by e-mail, else by name within the customer."""

    model, kind = Contact, RecordKind.CONTACT
    texts = {"title": 80}
    written = ("name", "title", "phone", "email", "decides", "external_id", "customer")

    def __init__(self, setup: Setup) -> None:
        keys = ("external_id", "phone", "email", "name")
        super().__init__(setup, keys, keys)
        self.customers = Customers()

    def reach(self) -> QuerySet[Contact]:
        mine = access.customers(self.setup.by).values("pk")
        return Contact.objects.filter(customer__in=mine).select_related("customer")

    def read(self, cells: Cells) -> Item:
        name = full_name(cells)
        if not name:
            return cells.reject("name", _("A contact needs a name."))
        customer = self._customer(cells)
        if customer is None:
            return cells.reject("customer", _("A contact belongs to a customer, and the row names none that is here."))
        values: dict[str, Any] = {
            "name": name,
            "customer": customer,
            **self.plain(cells),
            "decides": cells.read("decides", read_yes_no),
        }
        return self.item(cells, values)

    def _customer(self, cells: Cells) -> Customer | None:
        name = cells.text("customer")
        found = self.customers.find(name) if name else None
        if found is None and name and self.setup.creates("customers"):
            return self.customers.make(name, self.setup.by, imported_in=self.setup.batch)
        return found

    def key_of(self, key: str, values: Any) -> str:
        if key != "name":
            return super().key_of(key, values)
        return f"{squeezed(values['customer'].name)}/{squeezed(values['name'])}"

    def known(self, key: str, items: Sequence[Item]) -> Known:
        if key != "name":
            return super().known(key, items)
        customers = {pk: item.shown["customer"].name for item in items if (pk := item.shown["customer"].pk)}
        rows = Contact.objects.filter(customer__in=customers).order_by("-pk").values_list("pk", "customer", "search")
        return {f"{squeezed(customers[of])}/{search.partition('|')[0]}": pk for pk, of, search in rows}, {}

    def write(self, chunk: Chunk) -> None:
        self.customers.save_new()
        super().write(chunk)

    def rehearse(self, chunk: Chunk) -> None:
        self.customers.settle()

    def create(self, items: Sequence[Item]) -> None:
        now, batch = clock.now(), self.setup.batch
        bulk.insert([Contact(created_at=now, updated_at=now, imported_in=batch, **item.shown) for item in items])

    def along_the_way(self) -> dict[str, int]:
        return {"customers": self.customers.made}
