import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from crm import access
from crm.importing import bulk
from crm.importing.matching import Customers, Members, squeezed
from crm.importing.plan import Action, Cells, Chunk, Item, Planner, Setup
from crm.importing.records import SAME
from crm.importing.values import Wrong, moment_of, read_day, read_email, read_phone
from crm.models import Customer, Interaction, InteractionKind, Lead, LeadStatus, Opportunity
from l10n.formats import home_region
from tenants import clock

SENTENCE = 500
OWN_KEY = "~"
KIND_WORDS: dict[InteractionKind, tuple[str, ...]] = {
    InteractionKind.CALL: ("call", "phone", "phone call", "تماس", "تماس تلفنی", "تلفن", "زنگ"),
    InteractionKind.MEETING: ("meeting", "demo", "جلسه", "ملاقات", "دمو"),
    InteractionKind.VISIT: ("visit", "بازدید", "مراجعه", "حضوری"),
    InteractionKind.MESSAGE: ("message", "sms", "chat", "whatsapp", "telegram", "پیام", "پیامک", "واتساپ", "تلگرام"),
    InteractionKind.EMAIL: ("email", "e-mail", "mail", "ایمیل", "رایانامه", "نامه"),
    InteractionKind.NOTE: ("note", "task", "other", "یادداشت", "سایر"),
}  # fmt: skip
KIND_OF = {squeezed(word): kind for kind, words in KIND_WORDS.items() for word in (*words, kind.value)}


class InteractionsPlanner(Planner):
    """What happened, on a customer, lead or deal that is here. Rows that came in before are left alone, never changed.

    The first one on a new lead answers it; a deal remembers its latest.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.members = Members()
        self.customers = Customers()
        self.region = home_region(setup.formats)
        self._times: Counter[int] = Counter()

    # --- One row --------------------------------------------------------------------------------------------------
    def read(self, cells: Cells) -> Item:
        sentence = cells.joined("sentence", SENTENCE).replace("\n", " · ")
        if not sentence:
            return cells.reject("sentence", _("Nothing is said about what happened."))
        external_id = cells.text("external_id", 80)
        if external_id and (first := self.seen_in_row(external_id, cells.number)):
            words = {"row": first, "same": SAME["external_id"]()}
            return cells.reject("external_id", _("Row %(row)s is the same: %(same)s.") % words)
        day = cells.read("happened_on", lambda text: read_day(text, self.setup.date_order, self.setup.today))
        if day and day > self.setup.today:
            return cells.reject("happened_on", _("This day is still to come: what is planned is a next step."))
        shown: dict[str, Any] = {
            "kind": self._kind(cells),
            "sentence": sentence,
            "happened_on": day or self.setup.today,
            "by": self._by(cells),
            "customer": cells.text("customer"),
            "lead": cells.text("lead"),
            "deal": cells.text("deal"),
        }
        shown["external_id"] = external_id or self._own_key(shown)
        return Item(cells.number, Action.NEW, shown)

    def _kind(self, cells: Cells) -> InteractionKind:
        text = cells.text("kind")
        kind = KIND_OF.get(squeezed(text)) if text else None
        if text and kind is None:
            cells.report("kind", _("This kind is not known here: imported as a note."))
        return kind or InteractionKind.NOTE

    def _by(self, cells: Cells) -> Any:
        text = cells.text("by", 120)
        try:
            found = self.members.find(text) if text else None
        except Wrong as error:
            cells.report("by", str(error))
            return self.setup.by
        if text and found is None:
            cells.report("by", _("Nobody here has this name: it stands under yours."))
        return found or self.setup.by

    def _own_key(self, shown: dict[str, Any]) -> str:
        """Of rows that look the same, the second time in a file is another one than the first."""
        names = ("kind", "sentence", "happened_on", "customer", "lead", "deal")
        digest = hashlib.sha1("|".join(str(shown[name]) for name in names).encode(), usedforsecurity=False).hexdigest()
        self._times[hash(digest)] += 1
        return f"{OWN_KEY}{digest}.{self._times[hash(digest)]}"

    # --- A chunk --------------------------------------------------------------------------------------------------
    def compare(self, items: Sequence[Item]) -> None:
        ids = [item.shown["external_id"] for item in items]
        here = set(Interaction.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
        customers, leads, deals = self._customers(items), self._leads(items), self._deals(items)
        for item in items:
            if item.shown["external_id"] in here:
                item.action = Action.UNCHANGED
                continue
            deal = deals.get(item.shown["deal"]) or deals.get(squeezed(item.shown["deal"]))
            lead = leads.get(self._lead_key(item.shown["lead"]))
            customer = customers.get(item.shown["customer"]) or customers.get(squeezed(item.shown["customer"]))
            item.record = (customer or (deal and deal.customer), lead, deal)
            if not any(item.record):
                item.reject(self._whom(item), _("No customer, lead or deal here is meant by this row."))

    def _whom(self, item: Item) -> str:
        return next((name for name in ("customer", "lead", "deal") if item.shown[name]), "customer")

    def _customers(self, items: Sequence[Item]) -> dict[str, Customer]:
        named = {item.shown["customer"] for item in items if item.shown["customer"]}
        pks = [found.pk for name in named if (found := self.customers.find(name))]
        reach = access.customers(self.setup.by).filter(Q(external_id__in=named) | Q(pk__in=pks)) if named else ()
        found_by: dict[str, Customer] = {}
        for customer in reach:
            found_by[squeezed(customer.name)] = customer
            if customer.external_id:
                found_by[customer.external_id] = customer
        return found_by

    def _leads(self, items: Sequence[Item]) -> dict[str, Lead]:
        wanted = {self._lead_key(item.shown["lead"]) for item in items if item.shown["lead"]}
        if not wanted:
            return {}
        meant = Q(external_id__in=wanted) | Q(phone__in=wanted) | Q(email__in=wanted)
        found: dict[str, Lead] = {}
        for lead in access.leads(self.setup.by).filter(meant).order_by("-pk"):
            for key in (lead.email, lead.phone, lead.external_id):
                if key:
                    found[key] = lead
        return found

    def _lead_key(self, text: str) -> str:
        """As e-mail or phone when it can be read as one, else as it stands."""
        try:
            return read_email(text) if "@" in text else read_phone(text, self.region)
        except Wrong:
            return text

    def _deals(self, items: Sequence[Item]) -> dict[str, Opportunity]:
        named = {item.shown["deal"] for item in items if item.shown["deal"]}
        if not named:
            return {}
        titles = {squeezed(name) for name in named}
        reach: QuerySet[Opportunity] = access.opportunities(self.setup.by).select_related("customer").order_by("-pk")
        found: dict[str, Opportunity] = {}
        for deal in reach.filter(Q(external_id__in=named) | Q(search__in=titles)):
            found[squeezed(deal.title)] = deal
            if deal.external_id:
                found[deal.external_id] = deal
        return found

    # --- Writing --------------------------------------------------------------------------------------------------
    def write(self, chunk: Chunk) -> None:
        items = chunk.with_action(Action.NEW)
        now = clock.now()
        interactions = []
        for item in items:
            customer, lead, deal = item.record
            interactions.append(
                Interaction(
                    kind=item.shown["kind"],
                    sentence=item.shown["sentence"],
                    happened_at=moment_of(item.shown["happened_on"]),
                    logged_at=now,
                    by=item.shown["by"],
                    customer=customer,
                    lead=lead,
                    opportunity=deal,
                    imported_in=self.setup.batch,
                    external_id=item.shown["external_id"],
                )
            )
        bulk.insert(interactions)
        self._touch_deals(items)
        self._answer_leads(items)

    def _touch_deals(self, items: Sequence[Item]) -> None:
        """A deal in two rows is touched once, with the later day."""
        touched: dict[int, Opportunity] = {}
        for item in items:
            deal = item.record[2]
            if deal is None:
                continue
            deal = touched.get(deal.pk, deal)
            day = item.shown["happened_on"]
            if deal.last_interaction_on is None or deal.last_interaction_on < day:
                deal.last_interaction_on, deal.updated_at = day, clock.now()
                touched[deal.pk] = deal
        bulk.update(list(touched.values()), ["last_interaction_on", "updated_at"])

    def _answer_leads(self, items: Sequence[Item]) -> None:
        pks = {item.record[1].pk for item in items if item.record[1] and item.record[1].status == LeadStatus.NEW}
        answered = list(
            Lead.objects.filter(pk__in=pks, status=LeadStatus.NEW).annotate(first=Min("interactions__happened_at"))
        )
        for lead in answered:
            lead.status, lead.updated_at = LeadStatus.CONTACTED, clock.now()
            lead.first_response_at = vars(lead)["first"]
        bulk.update(answered, ["status", "first_response_at", "updated_at"])
