"""The facts of a record, each to be edited in its place: fields of the catalog, then what follows from them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.fields import catalog
from crm.fields import values as fields
from crm.fields.catalog import Kind
from crm.forms.cells import is_editable
from crm.kinds import Record, kind_of
from crm.models import Contact, Customer, Entity, Lead, Opportunity
from crm.screens.words import info_of, label_of, text_of
from l10n import formats

# They stand elsewhere on the page.
ELSEWHERE = {"stage", "note"}
# They head the page, so that only those who may change them see them again.
HEADINGS = {"title", "name"}
# An empty one of these says something to a reader too.
TELLING = {"owner", "amount", "expected_close"}
OF_CONTACT = ("name", "title", "phone", "email", "decides")


@dataclass(frozen=True)
class Fact:
    """One line of the facts. `name` is given when it can be edited in its place."""

    label: str
    value: str
    kind: str = ""
    pk: int = 0
    name: str = ""
    note: str = ""
    tone: str = ""
    url: str = ""

    @property
    def anchor(self) -> str:
        return f"fact-{self.kind}-{self.pk}-{self.name.replace('.', '-')}"


def facts_of(record: Record, today: date, *, may_change: bool) -> list[Fact]:
    """What a reader needs, or with `may_change` every field, the empty ones too."""
    pairs = [(name, fact_of(record, name, today, may_change=may_change)) for name in _names(record, may_change)]
    shown = [fact for name, fact in pairs if fact.value or may_change or name in TELLING]
    return [*shown, *_derived(record, today)]


def fact_of(record: Record, name: str, today: date, *, may_change: bool) -> Fact:
    kind = kind_of(record)
    editable = name if may_change and is_editable(kind, name) else ""
    empty = fields.get(record, name) in fields.EMPTY
    fact = Fact(label_of(record, name), "" if empty else text_of(record, name), kind.value, record.pk, editable)
    return fact if empty else _with_more(fact, record, name, today)


def _with_more(fact: Fact, record: Record, name: str, today: date) -> Fact:
    """A telephone number is dialled, a late day is loud."""
    info = info_of(kind_of(record), name)
    value: Any = fields.get(record, name)
    if name == "phone" or (info and info.kind == Kind.PHONE):
        return replace(fact, url=f"tel:{value}")
    if name == "email" or (info and info.kind == Kind.EMAIL):
        return replace(fact, url=f"mailto:{value}")
    if name == "customer" and isinstance(value, Customer):
        return replace(fact, url=value.get_absolute_url())
    if name == "expected_close" and isinstance(record, Opportunity):
        late = record.is_open and value < today
        return replace(fact, note=formats.relative_day(value, today), tone="bad" if late else "")
    return fact


def _names(record: Record, may_change: bool) -> list[str]:
    kind = kind_of(record)
    if isinstance(record, Contact):
        return [name for name in OF_CONTACT if may_change or name not in HEADINGS - {"title"}]
    known = catalog.fields_of(kind.value) if kind.value in Entity.values else ()
    hidden = ELSEWHERE if may_change else ELSEWHERE | HEADINGS
    return [info.name for info in known if info.name not in hidden]


def _derived(record: Record, today: date) -> list[Fact]:
    if isinstance(record, Opportunity):
        return _of_deal(record, today)
    if isinstance(record, Lead):
        return _of_lead(record, today)
    return [Fact(_("Since"), formats.day(record.created_at))] if isinstance(record, Customer) else []


def _of_deal(deal: Opportunity, today: date) -> list[Fact]:
    quiet = deal.last_interaction_on
    facts = [
        Fact(_("In this stage"), formats.days((today - deal.stage_since).days)),
        Fact(_("Last contact"), formats.relative_day(quiet, today) if quiet else _("not yet")),
    ]
    if deal.push_count:
        times = ngettext("%(times)s time", "%(times)s times", deal.push_count) % {"times": formats.num(deal.push_count)}
        facts.append(Fact(_("Close date pushed"), times))
    if deal.closed_on:
        facts.append(Fact(_("Closed on"), formats.day(deal.closed_on), note=deal.lost_reason))
    return facts


def _of_lead(lead: Lead, today: date) -> list[Fact]:
    came = Fact(_("Came in"), formats.day(lead.captured_at), note=formats.relative_day(lead.captured_at, today))
    facts = [came]
    if lead.first_response_at:
        facts.append(Fact(_("First answer"), formats.day(lead.first_response_at)))
    if lead.dropped_because:
        facts.append(Fact(_("Dropped because"), lead.dropped_because))
    return facts
