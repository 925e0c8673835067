from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.importing.matching import Customers, Members, likely_sector, squeezed
from crm.importing.owners import owner_of
from crm.importing.plan import Action, Cells, Item, Planner, Setup, Tell, nobody
from crm.importing.values import read_email, read_phone
from crm.models import Customer
from tenants import clock

# What is compared and written, with the longest text that fits.
PLAIN = {"sector": 80, "city": 80}


class CustomersPlanner(Planner):
    """A customer is known by the id in the other system, else by name. Empty cells leave what is here alone."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.members = Members()
        self.customers = Customers(locks=setup.locks)
        self._taken: set[int] = set()

    def read(self, cells: Cells) -> Item:
        name, external_id = cells.text("name"), cells.text("external_id", 80)
        if not name:
            return cells.reject("name", _("A customer needs a name."))
        if first := self.seen_in_row(external_id or squeezed(name) or name, cells.number):
            return cells.reject("name", _("The same customer stands in row %(row)s.") % {"row": first})
        values: dict[str, Any] = {
            "name": name,
            "external_id": external_id,
            **{field: cells.text(field, limit) for field, limit in PLAIN.items()},
            "phone": cells.read("phone", read_phone),
            "email": cells.read("email", read_email),
            "owner": owner_of(cells, self.members, self.setup),
            "note": self._note(cells),
        }
        if likely := likely_sector(values["sector"]):
            cells.report("sector", _("Perhaps “%(word)s” was meant. Imported as it stands.") % {"word": likely})
        return Item(cells.number, Action.NEW, {name: value for name, value in values.items() if value})

    def compare(self, items: Sequence[Item]) -> None:
        for item in items:
            item.record = self._known(str(item.shown.get("external_id", "")), str(item.shown["name"]))
            if item.record:
                item.differing = self._differing(item.record, item.shown)
                item.action = Action.UPDATE if item.differing else Action.UNCHANGED

    def write(self, tell: Tell = nobody) -> None:
        self.members.save_new()
        now, by = clock.now(), self.setup.by
        new = [
            Customer(created_by=by, created_at=now, updated_at=now, **item.shown)
            for item in self.with_action(Action.NEW)
        ]
        Customer.objects.bulk_create(new, batch_size=1000)
        tell(len(new))
        changed = [self._changed(item) for item in self.with_action(Action.UPDATE)]
        fields = ["name", "external_id", *PLAIN, "phone", "email", "owner", "note"]
        Customer.objects.bulk_update(changed, [*fields, "search", "sort_key", "version", "updated_at"], batch_size=500)
        tell(len(self.items))

    def along_the_way(self) -> dict[str, int]:
        return {"owners": len(self.members.new)}

    def _known(self, external_id: str, name: str) -> Customer | None:
        if external_id and (found := self.customers.by_external_id(external_id)):
            return found
        found = self.customers.find(name)
        # The same name with another id is another firm.
        if found is None or found.pk in self._taken or (external_id and found.external_id):
            return None
        self._taken.add(found.pk)
        return found

    def _differing(self, customer: Customer, values: dict[str, object]) -> dict[str, Any]:
        return {
            field: value
            for field, value in values.items()
            if getattr(customer, field) != value
            and not (field == "name" and squeezed(str(value)) == squeezed(customer.name))
        }

    def _changed(self, item: Item) -> Customer:
        customer: Customer = item.record
        for field, value in item.differing.items():
            setattr(customer, field, value)
        customer.version += 1
        customer.updated_at = clock.now()
        return customer

    def _note(self, cells: Cells) -> str:
        """One column is the note itself; of several, each line says which it is."""
        parts = list(cells.parts("note"))
        return parts[0][1] if len(parts) == 1 else "\n".join(f"{heading}: {cell}" for heading, cell in parts)
