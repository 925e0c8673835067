"""One way to read, write, keep and show a value of a field, built in or own."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.fields.catalog import CUSTOM, FieldInfo, Kind
from l10n import formats

# Canonical JSON: a decimal and an ISO day as text, a row as its id, nothing as null. Equal values are equal text.
Json = str | int | bool | None
EMPTY: tuple[object, ...] = (None, "")


WRITERS: dict[Kind, Callable[[Any], str]] = {
    Kind.MONEY: formats.money,
    Kind.NUMBER: formats.num,
    Kind.DATE: formats.day,
    Kind.PHONE: formats.phone_text,
}


def get(record: Any, name: str) -> Any:
    """The value under a field's name; an own one in canonical JSON (`from_json` gives the Python value)."""
    if name.startswith(CUSTOM):
        return record.custom.get(name.removeprefix(CUSTOM))
    return getattr(record, name)


def put(record: Any, name: str, value: Any) -> None:
    """Sets without saving. An own field takes the Python value or its JSON; an empty one is taken out."""
    if not name.startswith(CUSTOM):
        setattr(record, name, value)
        return
    key = name.removeprefix(CUSTOM)
    # A new dict, so that nobody who holds the old one sees it change.
    kept = {other: held for other, held in record.custom.items() if other != key}
    record.custom = kept if value in EMPTY else {**kept, key: to_json(value)}


def is_empty(record: Any, name: str) -> bool:
    # "No" is an answer, so only null and "" are empty.
    return get(record, name) in EMPTY


def to_json(value: Any) -> Json:
    """The canonical JSON of a Python value; JSON passes through."""
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Model):
        return int(value.pk)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"No canonical JSON for {type(value).__name__}")


def from_json(info: FieldInfo, value: Json) -> Any:
    """The Python value of an own field or of a plain built-in one; rows stay ids."""
    if value in EMPTY:
        return None
    if info.kind in (Kind.MONEY, Kind.NUMBER):
        return Decimal(str(value))
    if info.kind == Kind.DATE:
        return date.fromisoformat(str(value))
    return value


def shown(info: FieldInfo, value: Any) -> str:
    """A value or its JSON the way this firm writes it; "—" for nothing. Rows show their name, ids stay ids."""
    if value in EMPTY:
        return "—"
    if isinstance(value, str):
        value = from_json(info, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    write = WRITERS.get(info.kind, str)
    return write(value)


def _plain(value: Decimal) -> str:
    """Without exponent and without zeros at the end: 10, 10.0 and 1E+1 are the same text."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
