"""From the JSON of a caller to the values that the services take, and back. Amounts are in the base unit, days ISO."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from api.problems import Error, Invalid, error
from crm import access
from crm.fields import catalog
from crm.fields.catalog import CUSTOM, FieldInfo, Kind
from crm.models import Entity, LeadCategory
from l10n import text
from l10n.forms import EmailField, PhoneField
from members.models import User

LONGEST_TEXT, LONGEST_NOTE = 500, 5000
BIGGEST = Decimal(10) ** 17
# What a caller names by id.
IDS = {"owner_id": "owner", "service_owner_id": "service_owner", "customer_id": "customer", "category_id": "category"}


class Refused(Exception):
    """Says what is wrong with one value."""


def read(entity: Entity, given: Mapping[str, Any], by: User) -> dict[str, Any]:
    """Values by field name, own fields as `custom.<key>`. Raises Invalid with every value that cannot be taken."""
    known = {info.name: info for info in catalog.fields_of(entity)}
    values: dict[str, Any] = {}
    errors: list[Error] = []
    for place, name, value in _flat(given):
        try:
            if name not in known:
                raise Refused(_("There is no such field."))
            values[name] = _read(known[name], value, by)
        except Refused as refused:
            errors.append(error(place, refused))
    if errors:
        raise Invalid(errors)
    return values


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a contact, which has no own fields."""
    kinds = {"phone": Kind.PHONE, "email": Kind.EMAIL, "name": Kind.TEXT, "title": Kind.TEXT}
    values, errors = dict(given), []
    for name in kinds.keys() & given.keys():
        try:
            values[name] = READERS[kinds[name]](given[name] or "")
        except Refused as refused:
            errors.append(error(name, refused))
    if "name" in values and not values["name"]:
        errors.append(error("name", _("This is needed.")))
    if errors:
        raise Invalid(errors)
    return values


def own(record: Any) -> dict[str, Any]:
    """The own fields of a record as they are kept: canonical JSON."""
    return dict(record.custom)


def amount(value: Decimal | None) -> str | None:
    """Exact, as text: a JSON number loses the last digits of a large one."""
    return None if value is None else f"{value:f}"


def _flat(given: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """(where it stands in the request, name of the field, value)."""
    built_in = [(name, IDS.get(name, name), value) for name, value in given.items() if name != "custom"]
    custom = given.get("custom") or {}
    return [*built_in, *((f"{CUSTOM}{key}", f"{CUSTOM}{key}", value) for key, value in custom.items())]


def _read(info: FieldInfo, value: Any, by: User) -> Any:
    if info.kind in FINDERS:
        return None if value is None else _found(FINDERS[info.kind](by, value))
    texts = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.EMAIL)
    if value in (None, ""):
        if info.name in ("name", "title"):
            raise Refused(_("This is needed."))
        return "" if info.kind in texts and not info.custom else None
    if info.kind == Kind.CHOICE:
        return _choice(info, value)
    return READERS[info.kind](value)


def _text(value: Any) -> str:
    return _short(text.clean_line(_string(value)), LONGEST_TEXT)


def _long_text(value: Any) -> str:
    return _short(text.clean(_string(value)), LONGEST_NOTE)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(_("This should be text."))
    return value


def _short(cleaned: str, longest: int) -> str:
    if len(cleaned) > longest:
        raise Refused(_("This is too long."))
    return cleaned


def _phone(value: Any) -> str:
    return _by_form(PhoneField(required=False), value)


def _email(value: Any) -> str:
    return _by_form(EmailField(required=False, max_length=254), value)


def _by_form(field: Any, value: Any) -> str:
    try:
        return str(field.clean(_string(value)))
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from None


def _money(value: Any) -> Decimal:
    number = _number(value)
    if number < 0 or number != round(number, 2):
        raise Refused(_("An amount is not negative and has at most two decimals."))
    return number


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Refused(_("This should be a number."))
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise Refused(_("This should be a number.")) from None
    if not number.is_finite() or abs(number) >= BIGGEST:
        raise Refused(_("This number is too large."))
    return number


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_string(value))
    except ValueError:
        raise Refused(_("This should be a day like 2026-11-21.")) from None


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("This should be true or false."))
    return value


def _choice(info: FieldInfo, value: Any) -> str:
    if value not in info.choices:
        raise Refused(_("This should be one of: %(choices)s") % {"choices": ", ".join(info.choices)})
    return str(value)


def _found(row: Any) -> Any:
    if row is None:
        raise Refused(_("We do not know this id."))
    return row


READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.MONEY: _money,
    Kind.NUMBER: _number,
    Kind.DATE: _day,
    Kind.YES_NO: _yes_no,
}
# A row by its id, among those that the caller may name.
FINDERS: dict[Kind, Callable[[User, Any], Any]] = {
    Kind.USER: lambda _by, pk: User.objects.active().filter(pk=pk).first(),
    Kind.CUSTOMER: lambda by, pk: access.customers(by).filter(pk=pk).first(),
    Kind.CATEGORY: lambda _by, pk: LeadCategory.objects.filter(pk=pk).first(),
}
