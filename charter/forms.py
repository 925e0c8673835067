from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from charter.models import KeyDecision
from l10n.forms import TextField
from members.models import User

if TYPE_CHECKING:
    OwnerBase = forms.ModelChoiceField[User]
    OldBase = forms.ModelChoiceField[KeyDecision]
else:
    OwnerBase = OldBase = forms.ModelChoiceField


class KeyDecisionForm(forms.Form):
    name = TextField(label=gettext_lazy("Short name"), max_length=40)
    sentence = TextField(label=gettext_lazy("The decision, as a question"))
    owner = OwnerBase(label=gettext_lazy("Who owns it"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(is_active=True)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "sentence", "owner")}


class ReplacingForm(KeyDecisionForm):
    """For a fourth one: which of the three makes room?"""

    replaces = OldBase(
        label=gettext_lazy("Which one makes room for it?"),
        queryset=KeyDecision.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        replaces = self.fields["replaces"]
        assert isinstance(replaces, forms.ModelChoiceField)
        replaces.queryset = KeyDecision.objects.all()
