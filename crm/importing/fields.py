"""What a column of the file can become, by kind of record, and how it is guessed from the headings (headings.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.models import ImportKind
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
}
DATES = ("opened_on", "close_date", "last_interaction_on")
# Fields that tell one kind of table from the others.
TELLING: dict[str, tuple[str, ...]] = {
    ImportKind.OPPORTUNITIES: ("stage", "amount", "close_date", "opened_on", "title", "product"),
    ImportKind.CUSTOMERS: ("sector", "city", "phone"),
    ImportKind.PEOPLE: ("manager", "team"),
}
PRICE_LIST = "price_list"


def targets(kind: str) -> tuple[Target, ...]:
    return TARGETS[kind]


def labels(kind: str) -> dict[str, StrOrPromise]:
    return {target.name: target.label for target in TARGETS[kind]}


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
    for name, words in known_headings()[kind].items():
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
