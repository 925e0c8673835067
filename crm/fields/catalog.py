"""Every field of a record that people see: built in or the firm's own. Forms, lists, files and history read from here.

An own field is called `custom.<key>` everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.models import CustomField, CustomKind, Entity
from tenants import memo

CUSTOM = "custom."
# The name is always there, and the stage moves through its own service.
NEVER_ASKED = ("name", "title", "stage")
_MEMO = "crm.custom_fields"


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    PHONE = "phone"
    EMAIL = "email"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    USER = "user"
    CUSTOMER = "customer"
    STAGE = "stage"
    CATEGORY = "category"


@dataclass(frozen=True)
class FieldInfo:
    """`name` is the attribute of the record, or `custom.<key>`. `asked` tells whether a field rule may ask for it."""

    entity: Entity
    name: str
    label: StrOrPromise
    kind: Kind
    asked: bool = True
    custom: CustomField | None = None

    @property
    def key(self) -> str:
        """The key in `record.custom`; only for own fields."""
        return self.name.removeprefix(CUSTOM)

    @property
    def choices(self) -> list[str]:
        return list(self.custom.choices) if self.custom else []


def _built_in(entity: Entity, *rows: tuple[str, StrOrPromise, Kind]) -> tuple[FieldInfo, ...]:
    return tuple(FieldInfo(entity, name, label, kind, asked=name not in NEVER_ASKED) for name, label, kind in rows)


BUILT_IN: dict[Entity, tuple[FieldInfo, ...]] = {
    Entity.LEAD: _built_in(
        Entity.LEAD,
        ("name", _("Name"), Kind.TEXT),
        ("company", _("Firm"), Kind.TEXT),
        ("phone", _("Phone"), Kind.PHONE),
        ("email", _("E-mail"), Kind.EMAIL),
        ("source", _("Source"), Kind.TEXT),
        ("category", _("Category"), Kind.CATEGORY),
        ("owner", _("Owner"), Kind.USER),
    ),
    Entity.CUSTOMER: _built_in(
        Entity.CUSTOMER,
        ("name", _("Name"), Kind.TEXT),
        ("owner", _("Owner"), Kind.USER),
        ("service_owner", _("Service owner"), Kind.USER),
        ("phone", _("Phone"), Kind.PHONE),
        ("email", _("E-mail"), Kind.EMAIL),
        ("sector", _("Sector"), Kind.TEXT),
        ("city", _("City"), Kind.TEXT),
        ("note", _("Note"), Kind.LONG_TEXT),
    ),
    Entity.OPPORTUNITY: _built_in(
        Entity.OPPORTUNITY,
        ("title", _("Title"), Kind.TEXT),
        ("customer", _("Customer"), Kind.CUSTOMER),
        ("stage", _("Stage"), Kind.STAGE),
        ("amount", _("Amount"), Kind.MONEY),
        ("expected_close", _("Expected close"), Kind.DATE),
        ("owner", _("Owner"), Kind.USER),
    ),
}


def fields_of(entity: Entity | str) -> tuple[FieldInfo, ...]:
    """Built-in fields in their usual order, then the live own ones by slot. One query per request or task."""
    entity = Entity(entity)
    return (*BUILT_IN[entity], *(info_of(row) for row in custom_fields() if row.entity == entity))


def field(entity: Entity | str, name: str) -> FieldInfo | None:
    return next((info for info in fields_of(entity) if info.name == name), None)


def custom_fields() -> tuple[CustomField, ...]:
    """The live own fields of all entities, with the key decision each serves."""
    return memo.once(_MEMO, lambda: tuple(_read()))


def forget() -> None:
    """To be called by the service that changes own fields."""
    memo.forget(_MEMO)


def info_of(row: CustomField) -> FieldInfo:
    return FieldInfo(Entity(row.entity), row.name, row.label, KINDS[CustomKind(row.kind)], custom=row)


def _read() -> Iterable[CustomField]:
    return CustomField.objects.filter(slot__isnull=False).select_related("serves").order_by("entity", "slot")


KINDS: dict[CustomKind, Kind] = {
    CustomKind.TEXT: Kind.TEXT,
    CustomKind.NUMBER: Kind.NUMBER,
    CustomKind.MONEY: Kind.MONEY,
    CustomKind.DATE: Kind.DATE,
    CustomKind.CHOICE: Kind.CHOICE,
    CustomKind.YES_NO: Kind.YES_NO,
}
