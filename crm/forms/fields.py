"""The picker: a text input that proposes what the server finds, and a hidden one with what was chosen."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import picking
from crm.picking import KINDS, Kind, NotFound, Option, Picked
from l10n.text import clean_line
from members.models import User

if TYPE_CHECKING:
    PersonBase = forms.ModelChoiceField[User]
else:
    PersonBase = forms.ModelChoiceField


class PickInput(forms.TextInput):
    """Two inputs: `name` holds the reference ("customer:12", "new:lead"), `name_text` what is read and typed.

    `options` are shown as a choice below; set when the typed name was not clear.
    """

    template_name = "crm/parts/pick_input.html"

    def __init__(self, kinds: Sequence[Kind] = KINDS, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}))
        self.kinds = kinds
        self.options: Sequence[Option] = ()

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any],
        name: str,
    ) -> Any:
        return data.get(name) or "", clean_line(data.get(f"{name}_text") or "")

    def value_omitted_from_data(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any],
        name: str,
    ) -> bool:
        return name not in data and f"{name}_text" not in data

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        ref, typed = value if isinstance(value, tuple) else ("", "")
        if value is not None and not isinstance(value, tuple):
            ref, typed = picking.ref_of(value), str(value)
        context = super().get_context(name, None, attrs)
        url = f"{reverse('crm:pick')}?kinds={','.join(self.kinds)}"
        return {**context, "ref": "" if self.options else ref, "typed": typed, "url": url, "options": self.options}

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class PickField(forms.Field):
    """Cleans to a customer, deal or lead, or to a `picking.NewRecord`; None when empty. Needs `user` to be set."""

    widget: PickInput
    default_error_messages = {
        "several": gettext_lazy("We know several of this name. Which one?"),
        "unknown": gettext_lazy("We do not know this name yet. Is it one of these, or a new one?"),
    }

    def __init__(self, *, kinds: Sequence[Kind] = KINDS, **kwargs: Any) -> None:
        super().__init__(widget=PickInput(kinds), **kwargs)
        self.kinds = kinds
        self.user: User | None = None

    def clean(self, value: Any) -> Picked | None:
        if not isinstance(value, tuple):
            return value  # type: ignore[no-any-return]
        ref, typed = value
        if not ref and not typed:
            if self.required:
                raise ValidationError(_("With whom?"), code="required")
            return None
        assert self.user
        try:
            return picking.read(self.user, ref, typed, self.kinds)
        except NotFound as not_found:
            self.widget.options = not_found.options
            several = sum(not option.value.startswith("new:") for option in not_found.options) > 1
            code = "several" if several else "unknown"
            raise ValidationError(self.error_messages[code], code=code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


class PersonField(PersonBase):
    """An active member, or nobody. A record's present owner stays choosable after he left."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", gettext_lazy("Nobody yet"))
        super().__init__(queryset=people(None), **kwargs)

    def keep(self, owner: User | None) -> None:
        self.queryset = people(owner)


def people(owner: User | None) -> "QuerySet[User]":
    active = User.objects.filter(is_active=True)
    return active | User.objects.filter(pk=owner.pk) if owner and not owner.is_active else active
