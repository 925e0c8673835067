"""What a column of the file can become, by kind of record, and how it is guessed from the headings (headings.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.fields.catalog import FieldInfo, fields_of
from crm.models import Entity, ImportKind
from l10n.text import squeeze


@dataclass(frozen=True)
class Target:
    """A field that a column can fill. `many`: several columns may fill it together."""

    name: str
    label: StrOrPromise
    many: bool = False


TARGETS: dict[str, tuple[Target, ...]] = {
    ImportKind.PEOPLE: (
        Target("name", _("Name")),
        Target("email", _("E-mail")),
        Target("team", _("Team")),
        Target("manager", _("Manager, who leads the team")),
    ),
    ImportKind.CUSTOMERS: (
        Target("name", _("Name")),
        Target("external_id", _("Id in the other system")),
        Target("sector", _("Sector")),
        Target("city", _("City")),
        Target("phone", _("Phone")),
        Target("email", _("E-mail")),
        Target("owner", _("Owner")),
        Target("note", _("Note"), many=True),
    ),
    ImportKind.LEADS: (
        Target("name", _("Name")),
        Target("first_name", _("First name")),
        Target("last_name", _("Last name")),
        Target("company", _("Firm")),
        Target("phone", _("Phone")),
        Target("email", _("E-mail")),
        Target("source", _("Source")),
        Target("status", _("State")),
        Target("captured_on", _("Came in on")),
        Target("owner", _("Owner")),
        Target("external_id", _("Id in the other system")),
        Target("note", _("Note, into the history"), many=True),
    ),
    ImportKind.CONTACTS: (
        Target("name", _("Name")),
        Target("first_name", _("First name")),
        Target("last_name", _("Last name")),
        Target("customer", _("Customer")),
        Target("title", _("Position")),
        Target("phone", _("Phone")),
        Target("email", _("E-mail")),
        Target("decides", _("Decides on buying")),
        Target("external_id", _("Id in the other system")),
    ),
    ImportKind.INTERACTIONS: (
        Target("sentence", _("What happened"), many=True),
        Target("kind", _("Kind")),
        Target("happened_on", _("Happened on")),
        Target("by", _("By whom")),
        Target("customer", _("Customer: name or id")),
        Target("lead", _("Lead: phone, e-mail or id")),
        Target("deal", _("Deal: id or title")),
        Target("external_id", _("Id in the other system")),
    ),
    ImportKind.OPPORTUNITIES: (
        Target("external_id", _("Id in the other system")),
        Target("title", _("Title")),
        Target("product", _("Product, as part of the title")),
        Target("customer", _("Customer")),
        Target("owner", _("Owner")),
        Target("stage", _("Stage")),
        Target("amount", _("Amount")),
        Target("opened_on", _("Opened on")),
        Target("close_date", _("Close date: expected, or actual once closed")),
        Target("last_interaction_on", _("Last interaction on")),
        Target("lost_reason", _("Reason for losing")),
    ),
}
# At least one of these columns is needed.
IDENTIFYING: dict[str, tuple[str, ...]] = {
    ImportKind.PEOPLE: ("name", "email"),
    ImportKind.CUSTOMERS: ("name",),
    ImportKind.OPPORTUNITIES: ("title", "product", "customer"),
    ImportKind.LEADS: ("name", "first_name", "last_name", "company", "phone", "email", "external_id"),
    ImportKind.CONTACTS: ("name", "first_name", "last_name"),
    ImportKind.INTERACTIONS: ("sentence",),
}
DATES = ("opened_on", "close_date", "last_interaction_on", "captured_on", "happened_on")
MONEY = ("amount",)
# What identifies a record that is here already, strongest first. Deals and interactions know themselves again.
MATCHES: dict[str, tuple[str, ...]] = {
    ImportKind.LEADS: ("external_id", "phone", "email"),
    ImportKind.CUSTOMERS: ("external_id", "name", "phone", "email"),
    ImportKind.CONTACTS: ("external_id", "phone", "email", "name"),
}
ENTITIES: dict[str, Entity] = {
    ImportKind.LEADS: Entity.LEAD,
    ImportKind.CUSTOMERS: Entity.CUSTOMER,
    ImportKind.OPPORTUNITIES: Entity.OPPORTUNITY,
}
# Fields that tell one kind of table from the others.
TELLING: dict[str, tuple[str, ...]] = {
    ImportKind.OPPORTUNITIES: ("stage", "amount", "close_date", "opened_on", "title", "product"),
    ImportKind.CUSTOMERS: ("sector", "city", "phone"),
    ImportKind.PEOPLE: ("manager", "team"),
    ImportKind.LEADS: ("source", "captured_on", "status", "company"),
    ImportKind.CONTACTS: ("title", "decides", "customer"),
    ImportKind.INTERACTIONS: ("sentence", "happened_on", "kind"),
}
PRICE_LIST = "price_list"


def targets(kind: str) -> tuple[Target, ...]:
    """The built-in ones, then the firm's own fields."""
    return (*TARGETS[kind], *(Target(info.name, info.label) for info in own_fields(kind)))


def own_fields(kind: str) -> tuple[FieldInfo, ...]:
    entity = ENTITIES.get(kind)
    return tuple(info for info in fields_of(entity) if info.custom) if entity else ()


def labels(kind: str) -> dict[str, StrOrPromise]:
    return {target.name: target.label for target in targets(kind)}


@cache
def known_headings() -> dict[str, dict[str, list[str]]]:
    """Kind → field → squeezed headings."""
    with (Path(__file__).parent / "headings.toml").open("rb") as file:
        kinds = tomllib.load(file)
    return {
        kind: {name: [squeeze(word) for word in words] for name, words in names.items()}
        for kind, names in kinds.items()
    }


def guess_mapping(headings: Sequence[str], kind: str) -> dict[str, str]:
    """Heading → field. A field gets one column at most, and a column one field."""
    free = {squeeze(heading): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    own = {info.name: [squeeze(str(info.label)), squeeze(info.key)] for info in own_fields(kind)}
    for name, words in {**own, **known_headings()[kind]}.items():
        if word := next((word for word in words if word in free), None):
            found[free.pop(word)] = name
    return found


def guess_kind(headings: Sequence[str]) -> str:
    """The kind whose own headings are met most; "" when the table looks like none of them."""
    scores = {kind: _score(headings, kind) for kind in TELLING}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] else ""


def _score(headings: Sequence[str], kind: str) -> int:
    guessed = set(guess_mapping(headings, kind).values())
    telling = guessed & set(TELLING[kind])
    known = telling and guessed & set(IDENTIFYING[kind]) and len(guessed) > 1
    return 2 * len(telling) + len(guessed) if known else 0


def inverse(mapping: Mapping[str, str], headings: Sequence[str]) -> dict[str, list[int]]:
    """Field → the places of its columns in the file."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        if name := mapping.get(heading):
            places.setdefault(name, []).append(place)
    return places


def price_columns(headings: Sequence[str]) -> tuple[int, int] | None:
    """The places of product and price in a price list, or None when the table is none."""
    guessed = inverse(guess_mapping(headings, PRICE_LIST), headings)
    return (guessed["product"][0], guessed["price"][0]) if len(guessed) == 2 else None


def is_price_list(headings: Sequence[str]) -> bool:
    """Product and price, but nobody who buys or sells, no stage and no date."""
    guessed = set(guess_mapping(headings, ImportKind.OPPORTUNITIES).values())
    return price_columns(headings) is not None and not guessed & {"customer", "owner", "stage", *DATES}
