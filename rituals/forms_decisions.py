"""What is asked about decisions outside a meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import KeyDecision
from l10n.forms import DateField, TextField
from rituals.forms import PersonField, RoomForm
from rituals.models import Verdict


class ReviewForm(RoomForm):
    """The look back. The prediction is not on this form: first what happened, then what was expected."""

    happened = TextField(label=gettext_lazy("What really happened?"), max_length=300)
    verdict = forms.ChoiceField(label=gettext_lazy("Did it work?"), choices=Verdict.choices, widget=forms.RadioSelect)
    lesson = TextField(label=gettext_lazy("What do we learn?"), max_length=300, required=False)
    again_on = DateField(label=gettext_lazy("If we cannot tell yet: look again on"), required=False)

    def clean(self) -> None:
        cannot_tell = self.cleaned_data.get("verdict") == Verdict.CANNOT_TELL
        if cannot_tell and "again_on" not in self.errors and not self.cleaned_data.get("again_on"):
            self.add_error("again_on", _("Please choose the day to look again."))


class ReasonForm(RoomForm):
    reason = TextField(label=gettext_lazy("Why?"), max_length=300)


class RecordForm(RoomForm):
    """A decision taken outside a meeting."""

    text = TextField(label=gettext_lazy("Decision"), max_length=300)
    why = TextField(label=gettext_lazy("Why so?"), max_length=300, required=False)
    owner = PersonField(label=gettext_lazy("Who follows it up?"))
    decider = PersonField(label=gettext_lazy("Who decided?"), required=False, nobody=gettext_lazy("I did"))
    due_on = DateField(label=gettext_lazy("By"), required=False)
    serves = forms.ModelChoiceField(
        label=gettext_lazy("Key decision it serves"), queryset=KeyDecision.objects.none(), required=False
    )
    expected = TextField(label=gettext_lazy("What do we expect?"), max_length=300, required=False)
    not_measurable_because = TextField(
        label=gettext_lazy("…or why it cannot be measured"), max_length=300, required=False
    )
    review_on = DateField(label=gettext_lazy("Look back on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        serves = self.fields["serves"]
        assert isinstance(serves, forms.ModelChoiceField)
        serves.queryset = KeyDecision.objects.filter(slot__isnull=False)

    def clean(self) -> None:
        if not (self.cleaned_data.get("expected") or self.cleaned_data.get("not_measurable_because")):
            self.add_error("expected", _("What shall come of it? Or say below why it cannot be measured."))
