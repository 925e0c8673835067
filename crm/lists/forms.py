"""The forms over a list: its filters, its columns, a saved view."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lists.asking import PLACE, owner_of
from crm.lists.filters import Filter, FilterKind
from crm.lists.spans import LABELS
from crm.lists.specs import Spec, filters_of
from l10n.forms import DateField, MoneyField, NumberField, TextField
from members.models import User


@dataclass(frozen=True)
class FilterGroup:
    """One filter in the form: open when it is in use, wrong, or asked for."""

    label: str
    fields: list[forms.BoundField]
    is_open: bool
    in_use: bool


class FilterForm(forms.Form):
    """All filters of a list, filled from the address. What is typed is checked as the list itself would read it."""

    def __init__(self, params: QueryDict, *, spec: Spec, user: User, asked_for: str = "") -> None:
        self.spec, self.user, self.asked_for = spec, user, asked_for
        self.filters = filters_of(spec)
        self.tab = params.get("tab") or owner_of(user, params)
        data = params.copy()
        if owner_of(user, params):
            data.pop("owner", None)
        self.asked = data
        super().__init__(data, auto_id="filter-%s", use_required_attribute=False)
        for one in self.filters:
            self.fields.update(_fields_of(one))

    def groups(self) -> Iterator[FilterGroup]:
        for one in self.filters:
            bound = [self[key] for key in one.keys]
            in_use = bool(one.words(self.asked))
            is_open = in_use or one.name == self.asked_for
            yield FilterGroup(str(one.label), bound, is_open, in_use)

    def carried(self) -> list[tuple[str, str]]:
        """The other words of the address, which go along."""
        own = {key for one in self.filters for key in one.keys} | {*PLACE, "apply", "open", "tab"}
        others = [(name, word) for name, words in self.asked.lists() if name not in own for word in words]
        return [*others, ("tab", self.tab)]

    def address(self) -> str:
        """The address of the list with these filters; empty inputs leave no word behind."""
        wanted = QueryDict(mutable=True)
        for name, word in self.carried():
            if name != "tab":
                wanted.appendlist(name, word)
        for one in self.filters:
            for part, words in one.words(self.asked).items():
                wanted.setlist(one.key(part), words)
        if self.tab and "owner" not in wanted:
            wanted["owner"] = self.tab
        return wanted.urlencode()


def _fields_of(one: Filter) -> dict[str, forms.Field]:
    label = str(one.label)
    fields = {one.key(part): field for part, field in MAKERS[one.kind](one, label).items()}
    is_there = [("", _("either way")), ("filled", _("not empty")), ("empty", _("empty"))]
    fields[one.key("is")] = forms.ChoiceField(label=_("Is it filled?"), choices=is_there, required=False)
    return fields


def _text(_one: Filter, label: str) -> dict[str, forms.Field]:
    return {"": TextField(label=_("%(field)s contains") % {"field": label}, required=False)}


def _one_of(one: Filter, label: str) -> dict[str, forms.Field]:
    options = one.options() if one.options else ()
    widget = forms.CheckboxSelectMultiple
    return {"": forms.MultipleChoiceField(label=label, choices=list(options), required=False, widget=widget)}


def _yes_no(_one: Filter, label: str) -> dict[str, forms.Field]:
    choices = [("", _("either way")), ("yes", _("yes")), ("no", _("no"))]
    return {"": forms.ChoiceField(label=label, choices=choices, required=False)}


def _dates(_one: Filter, _label: str) -> dict[str, forms.Field]:
    spans = [("", _("own days")), *((span.value, label) for span, label in LABELS.items())]
    return {
        "in": forms.ChoiceField(label=_("When"), choices=spans, required=False),
        "from": DateField(label=_("From"), required=False),
        "to": DateField(label=_("Up to"), required=False),
    }


def _numbers(_one: Filter, _label: str) -> dict[str, forms.Field]:
    labels = {"from": _("From"), "to": _("Up to")}
    return {
        part: NumberField(label=label, required=False, min_value=None, decimals=4) for part, label in labels.items()
    }


def _amounts(_one: Filter, _label: str) -> dict[str, forms.Field]:
    return {"from": MoneyField(label=_("From"), required=False), "to": MoneyField(label=_("Up to"), required=False)}


MAKERS = {
    FilterKind.TEXT: _text,
    FilterKind.PHONE: _text,
    FilterKind.ONE_OF: _one_of,
    FilterKind.YES_NO: _yes_no,
    FilterKind.DATE: _dates,
    FilterKind.NUMBER: _numbers,
    FilterKind.MONEY: _amounts,
}


class ViewForm(forms.Form):
    name = TextField(label=gettext_lazy("Name"), max_length=60)
    shared = forms.BooleanField(label=gettext_lazy("Everybody sees it"), required=False)

    def __init__(self, data: Any = None, *, may_share: bool, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        if not may_share:
            del self.fields["shared"]

    def values(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "shared": self.cleaned_data.get("shared", False)}
