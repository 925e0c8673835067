from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import access
from crm.services.handover import LABELS, Part
from l10n.forms import LongTextField
from members.models import Role, User


def givers(by: User) -> QuerySet[User]:
    """Whose book a manager may hand on: the people whose records he sees, those who have left too."""
    people = User.objects.all() if access.sees_all(by) else User.objects.filter(team=by.team_id)
    return people.order_by("sort_key", "pk")


def takers() -> QuerySet[User]:
    """Who can answer for records: everybody who may change any."""
    return User.objects.active().exclude(role=Role.EXECUTIVE).order_by("sort_key", "pk")


class HandoverForm(forms.Form):
    """Whose book, to whom, what of it; and when it is done, what the next one has to know."""

    giver = forms.ModelChoiceField(label=gettext_lazy("From whom"), queryset=User.objects.none())
    taker = forms.ModelChoiceField(
        label=gettext_lazy("To whom"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("To the ownerless queue"),
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Which parts"), choices=LABELS.items(), widget=forms.CheckboxSelectMultiple
    )
    note = LongTextField(label=gettext_lazy("What the next one has to know"), required=False)

    def __init__(self, data: Any = None, *, by: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"parts": [part.value for part in Part], **(initial or {})})
        for name, people in (("giver", givers(by)), ("taker", takers())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("giver") and cleaned["giver"] == cleaned.get("taker"):
            self.add_error("taker", _("That is the same person."))
        cleaned["parts"] = [Part(name) for name in cleaned.get("parts", [])]
        return cleaned

    def notes(self) -> dict[int, str]:
        """By customer's id: what was written beside each."""
        found = {name.removeprefix("note-"): text for name, text in self.data.items() if name.startswith("note-")}
        return {int(pk): str(text) for pk, text in found.items() if pk.isascii() and pk.isdecimal()}
