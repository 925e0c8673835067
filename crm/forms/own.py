"""Form fields out of the field catalog: for own fields, and for what a guarded stage asks."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields import values
from crm.fields.catalog import FieldInfo, Kind, fields_of
from crm.forms.fields import PersonField, PickField
from crm.models import Entity, LeadCategory
from l10n.forms import DateField, EmailField, LongTextField, MoneyField, NumberField, PhoneField, TextField

NUMBER_DECIMALS = 4
YES, NO = "yes", "no"


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or nothing said yet: True, False or None."""

    def __init__(self, **kwargs: Any) -> None:
        answers = [("", "—"), (YES, _("Yes")), (NO, _("No"))]
        super().__init__(choices=answers, coerce=lambda typed: typed == YES, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


def choice_field(info: FieldInfo, held: Any, required: bool) -> forms.Field:
    # What a record holds stays choosable after the choice was taken out of the list.
    names = [*info.choices, *([held] if held and held not in info.choices else [])]
    choices = [("", "—"), *((name, name) for name in names)]
    return forms.ChoiceField(label=info.label, required=required, choices=choices)


def category_field(**kwargs: Any) -> forms.Field:
    return forms.ModelChoiceField(queryset=LeadCategory.objects.all(), empty_label="—", **kwargs)


MAKERS: Mapping[Kind, Callable[..., forms.Field]] = {
    Kind.TEXT: TextField,
    Kind.LONG_TEXT: LongTextField,
    Kind.PHONE: PhoneField,
    Kind.EMAIL: EmailField,
    Kind.MONEY: MoneyField,
    Kind.NUMBER: lambda **kwargs: NumberField(min_value=None, decimals=NUMBER_DECIMALS, **kwargs),
    Kind.DATE: DateField,
    Kind.YES_NO: YesNoField,
    Kind.CATEGORY: category_field,
    Kind.CUSTOMER: lambda **kwargs: PickField(kinds=("customer",), **kwargs),
}


def form_field(info: FieldInfo, *, required: bool = False, held: Any = None) -> forms.Field:
    """The field that reads a value of this kind. `held` is what the record holds now."""
    if info.kind == Kind.CHOICE:
        return choice_field(info, held, required)
    if info.kind == Kind.USER:
        return PersonField(label=info.label, required=required, **({"empty_label": None} if required else {}))
    return MAKERS[info.kind](label=info.label, required=required)


def own_fields(entity: Entity, record: Any | None) -> dict[str, tuple[forms.Field, Any]]:
    """{`custom.<key>`: (form field, initial value)} of an entity's own fields, by slot."""
    found = {}
    for info in fields_of(entity):
        if info.custom:
            held = values.from_json(info, values.get(record, info.name)) if record is not None else None
            found[info.name] = (form_field(info, held=held), held)
    return found
