"""How a field of a record is called, and what stands in it, in words."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.fields import catalog
from crm.fields import values as fields
from crm.fields.catalog import CUSTOM, FieldInfo, Kind
from crm.kinds import Record, kind_of
from crm.models import Entity, RecordKind

_HELD: Any = object()
_KINDS = {
    "DecimalField": Kind.MONEY,
    "MoneyAmountField": Kind.MONEY,
    "DateField": Kind.DATE,
    "PositiveSmallIntegerField": Kind.NUMBER,
}


def info_of(kind: RecordKind, name: str) -> FieldInfo | None:
    """What the catalog knows; contacts and requests are not in it, nor own fields that were retired."""
    return catalog.field(kind.value, name) if kind.value in Entity.values else None


def label_of(record: Record, name: str) -> str:
    info = info_of(kind_of(record), name)
    if info:
        return str(info.label)
    if name.startswith(CUSTOM):
        return name.removeprefix(CUSTOM)
    label = str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def text_of(record: Record, name: str, value: Any = _HELD) -> str:
    """A value of the field (or its canonical JSON), by default the one it holds; "—" for nothing."""
    value = fields.get(record, name) if value is _HELD else value
    if isinstance(value, Model):
        return str(value)
    column = None if name.startswith(CUSTOM) else record._meta.get_field(name)
    choices = dict(getattr(column, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return fields.shown(info_of(kind_of(record), name) or _plain(column, name), value)


def _plain(column: Any, name: str) -> FieldInfo:
    kind = _KINDS.get(column.get_internal_type(), Kind.TEXT) if column else Kind.TEXT
    return FieldInfo(Entity.CUSTOMER, name, name, Kind.PHONE if name == "phone" else kind)
