"""Forms over one record: typed values are never lost, and nobody overwrites a colleague unknowingly."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.forms.fields import PersonField, PickField
from l10n import formats
from members.models import User

R = TypeVar("R", bound=Model)


class RecordForm(forms.Form, Generic[R]):
    """A form for a new record (`record=None`, owner proposed: the user) or an existing one.

    `version` travels with the page. After `Stale`, `show_conflict` puts beside each differing field what somebody else
    saved meanwhile, and the next submit wins.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    names: tuple[str, ...] = ()

    def __init__(
        self, data: Any = None, *, user: User, record: R | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.record = record
        start: dict[str, Any] = {"owner": user.pk if user.role == "rep" else None}
        if record is not None:
            start = {name: getattr(record, name) for name in self.names}
            start["version"] = getattr(record, "version", "")
        super().__init__(data, initial={**start, **(initial or {})})
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.user = user
            if isinstance(field, PersonField):
                field.keep(getattr(record, "owner", None))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}

    @property
    def seen_version(self) -> int | None:
        typed = self.cleaned_data.get("version") or ""
        return int(typed) if typed.isdecimal() else None

    def show_conflict(self, saved: Model) -> None:
        self.add_error(
            None, _("Somebody else changed this meanwhile. Check the marked fields; saving again keeps yours.")
        )
        for name, value in self.values().items():
            now = getattr(saved, name)
            if now != value:
                self.add_error(name, _("Now it says: %(value)s") % {"value": in_words(now)})
        self.data = put(self.data, "version", str(getattr(saved, "version", "")))


def focus(form: forms.BaseForm) -> None:
    """Puts the cursor where the user goes on: the first field that is wrong, else the first visible one."""
    visible = [bound.name for bound in form.visible_fields()]
    name = next((name for name in visible if name in form.errors), visible[0])
    form.fields[name].widget.attrs["autofocus"] = True


def put(data: Mapping[str, Any], name: str, value: object) -> QueryDict:
    """A copy of what was posted with one value set by us."""
    copy = QueryDict(mutable=True)
    copy.update(data)
    copy[name] = str(value)
    return copy


def in_words(value: object) -> str:
    """A stored value the way the pages write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.money(value)
    return "—" if value in (None, "") else str(value)
