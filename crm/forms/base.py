"""Forms over one record: typed values are never lost, and nobody overwrites a colleague unknowingly."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.fields import asked, catalog, values
from crm.fields.catalog import CUSTOM
from crm.forms.fields import PersonField, PickField
from crm.forms.own import own_fields
from crm.models import Entity
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
    # The entity whose own fields the form shows too, and whose asked fields say why they are asked.
    entity: Entity | None = None

    def __init__(
        self, data: Any = None, *, user: User, record: R | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.record = record
        start: dict[str, Any] = {"owner": user.pk if user.role == "rep" else None}
        if record is not None:
            start = {name: getattr(record, name) for name in self.names}
            start["version"] = getattr(record, "version", "")
        own = own_fields(self.entity, record) if self.entity else {}
        start |= {name: held for name, (_field, held) in own.items()}
        super().__init__(data, initial={**start, **(initial or {})})
        self.fields |= {name: field for name, (field, _held) in own.items()}
        self.names = (*self.names, *own)
        self._say_why()
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.user = user
            if isinstance(field, PersonField):
                field.keep(getattr(record, "owner", None))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}

    @property
    def own(self) -> list[forms.BoundField]:
        """The firm's own fields, to be drawn after the built-in ones."""
        return [self[name] for name in self.fields if name.startswith(CUSTOM)]

    def _say_why(self) -> None:
        for name, rule in (asked.rules_of(self.entity) if self.entity else {}).items():
            if name in self.fields:
                self.fields[name].why = asked.Why.of(rule)  # type: ignore[attr-defined]

    @property
    def seen_version(self) -> int | None:
        typed = self.cleaned_data.get("version") or ""
        return int(typed) if typed.isdecimal() else None

    def show_conflict(self, saved: Model) -> None:
        self.add_error(
            None, _("Somebody else changed this meanwhile. Check the marked fields; saving again keeps yours.")
        )
        for name, value in self.values().items():
            now = values.get(saved, name)
            if now != (values.to_json(value) if name.startswith(CUSTOM) else value):
                self.add_error(name, _("Now it says: %(value)s") % {"value": self._in_words(name, now)})
        self.data = put(self.data, "version", str(getattr(saved, "version", "")))

    def _in_words(self, name: str, value: object) -> str:
        info = catalog.field(self.entity, name) if self.entity and name.startswith(CUSTOM) else None
        return values.shown(info, value) if info else in_words(value)


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
