"""Which field, and which value: the form of a bulk edit."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields.catalog import FieldInfo, Kind
from crm.forms.fields import PersonField
from crm.lists import bulk
from crm.lists.bulk import BIN, Wish
from crm.lists.specs import Spec
from crm.models import LeadCategory, Stage, StageKind
from crm.services import lost_reason
from l10n.forms import DateField, LongTextField, MoneyField, NumberField, TextField


class WhatForm(forms.Form):
    """The field alone; choosing it brings its input."""

    field = forms.ChoiceField(label=gettext_lazy("What shall change?"))

    def __init__(self, data: Any = None, *, spec: Spec) -> None:
        super().__init__(data)
        choices = [(info.name, str(info.label)) for info in bulk.fields_of(spec)]
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose…")), *choices, (BIN, _("Throw into the bin"))]


class ValueForm(forms.Form):
    """The value of one field; empty clears it. Losing asks for the reason, once for all."""

    def __init__(self, data: Any = None, *, info: FieldInfo | None) -> None:
        super().__init__(data)
        self.info = info
        if info:
            self.fields["value"] = MAKERS[info.kind](info)
        if self._loses():
            self.fields["lost_reason"] = _reason()

    def wish(self) -> Wish:
        cleaned = self.cleaned_data
        if self.info is None:
            return Wish(None)
        value = cleaned["value"]
        if self.info.kind == Kind.YES_NO:
            value = {"yes": True, "no": False}.get(value)
        return Wish(self.info, value if value != "" else None, cleaned.get("lost_reason", ""))

    def _loses(self) -> bool:
        if self.info is None or self.info.kind != Kind.STAGE or not self.is_bound:
            return False
        chosen = str(self.data.get("value", ""))
        return chosen.isdecimal() and Stage.objects.filter(pk=int(chosen), kind=StageKind.LOST).exists()


def _reason() -> forms.Field:
    listed = lost_reason.listed()
    label = _("Why were they lost?")
    if not listed:
        return TextField(label=label)
    return forms.ChoiceField(label=label, choices=[("", _("Choose…")), *((one.name, one.name) for one in listed)])


def _stage(info: FieldInfo) -> forms.Field:
    return forms.ModelChoiceField(label=info.label, queryset=Stage.objects.all(), empty_label=_("Choose…"))


def _category(info: FieldInfo) -> forms.Field:
    found = LeadCategory.objects.all()
    return forms.ModelChoiceField(label=info.label, queryset=found, required=False, empty_label=_("No category"))


def _choice(info: FieldInfo) -> forms.Field:
    choices = [("", _("nothing")), *((choice, choice) for choice in info.choices)]
    return forms.ChoiceField(label=info.label, choices=choices, required=False)


def _yes_no(info: FieldInfo) -> forms.Field:
    choices = [("", _("nothing")), ("yes", _("yes")), ("no", _("no"))]
    return forms.ChoiceField(label=info.label, choices=choices, required=False)


MAKERS: dict[Kind, Callable[[FieldInfo], forms.Field]] = {
    Kind.TEXT: lambda info: TextField(label=info.label, required=False, max_length=80),
    Kind.LONG_TEXT: lambda info: LongTextField(label=info.label, required=False),
    Kind.MONEY: lambda info: MoneyField(label=info.label, required=False),
    Kind.NUMBER: lambda info: NumberField(label=info.label, required=False, min_value=None, decimals=4),
    Kind.DATE: lambda info: DateField(label=info.label, required=False),
    Kind.USER: lambda info: PersonField(label=info.label, required=False, empty_label=gettext_lazy("Nobody")),
    Kind.STAGE: _stage,
    Kind.CATEGORY: _category,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
}
