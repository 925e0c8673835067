from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import KeyDecision
from crm.forms.fields import PersonField
from l10n.forms import BooleanField, DateField, LongTextField, NumberField, TextField
from members.models import Team
from okr.models import Cycle, KeyResult, Objective

ANY = None  # baselines and targets may be below zero


class ObjectiveForm(forms.Form):
    title = TextField(label=gettext_lazy("Objective"), max_length=160)
    why = LongTextField(label=gettext_lazy("Why now?"), max_length=300, rows=2, required=False)
    owner = PersonField(label=gettext_lazy("Owner"), empty_label=gettext_lazy("Choose a person"))
    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Level"), required=False, empty_label=gettext_lazy("The whole firm")
    )
    serves = forms.ModelChoiceField(
        KeyDecision.objects.filter(slot__isnull=False),
        label=gettext_lazy("Key decision it serves"),
        required=False,
        empty_label=gettext_lazy("None of them"),
    )

    def __init__(self, data: Any = None, *, objective: Objective | None = None, **kwargs: Any) -> None:
        if objective:
            names = ("title", "why", "owner", "serves")
            kwargs["initial"] = {name: getattr(objective, name) for name in names}
        super().__init__(data, **kwargs)
        if objective:
            del self.fields["team"]  # an objective does not change its level: that would be another one


class KeyResultForm(forms.Form):
    title = TextField(label=gettext_lazy("Key result"), max_length=160)
    baseline = NumberField(label=gettext_lazy("From"), decimals=2, min_value=ANY)
    target = NumberField(label=gettext_lazy("To"), decimals=2, min_value=ANY)
    unit = TextField(label=gettext_lazy("Unit"), max_length=30)
    owner = PersonField(label=gettext_lazy("Owner"), empty_label=gettext_lazy("Choose a person"))
    source = TextField(label=gettext_lazy("Where the number comes from"), max_length=120, required=False)
    guard = TextField(label=gettext_lazy("Guard: what must not get worse"), max_length=160, required=False)

    def __init__(self, data: Any = None, *, key_result: KeyResult | None = None, **kwargs: Any) -> None:
        if key_result:
            kwargs["initial"] = {name: getattr(key_result, name) for name in self.base_fields}
        super().__init__(data, **kwargs)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        baseline, target = values.get("baseline"), values.get("target")
        if baseline is not None and baseline == target:
            self.add_error("target", _("Where it begins and where it shall go must differ."))
        return values


class CheckInForm(forms.Form):
    """A minute: the number, how sure, one line when it is needed."""

    value = NumberField(label=gettext_lazy("Value today"), decimals=2, min_value=ANY)
    confidence = forms.TypedChoiceField(
        label=gettext_lazy("How sure?"),
        choices=[(number, str(number)) for number in range(1, 11)],
        coerce=int,
        widget=forms.RadioSelect,
    )
    note = TextField(label=gettext_lazy("In one line"), max_length=300, required=False)
    guard_broken = BooleanField(label=gettext_lazy("The guard does not hold"), required=False)

    def __init__(self, data: Any = None, *, key_result: KeyResult, previous: int | None = None) -> None:
        self.previous = previous
        super().__init__(data, auto_id=f"check-in-{key_result.pk}-%s", initial={"confidence": previous})
        from l10n import formats

        confidence: Any = self.fields["confidence"]
        confidence.choices = [(number, formats.num(number)) for number in range(1, 11)]
        if not key_result.guard:
            del self.fields["guard_broken"]

    def clean(self) -> dict[str, Any]:
        """One line is owed only when there is something to explain."""
        values: dict[str, Any] = super().clean() or {}
        sure: int | None = values.get("confidence")
        if sure is None or values.get("note"):
            return values
        if sure <= LOW or values.get("guard_broken") or abs(sure - (self.previous or sure)) >= JUMP:
            self.add_error("note", _("Please say in one line what happened."))
        return values


LOW, JUMP = 4, 2


class CycleForm(forms.Form):
    name = TextField(label=gettext_lazy("Name"), max_length=60)
    starts_on = DateField(label=gettext_lazy("First day"))
    ends_on = DateField(label=gettext_lazy("Last day"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Cycle.objects.filter(name=name).exists():
            raise ValidationError(_("There is a cycle of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first: date | None = values.get("starts_on")
        last: date | None = values.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", _("The last day comes after the first one."))
        return values


class SwapForm(forms.Form):
    """Which objective makes room, and why."""

    out = forms.ModelChoiceField(
        Objective.objects.none(),
        label=gettext_lazy("Which one makes room?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    because = TextField(label=gettext_lazy("Why?"), required=False)

    def __init__(self, data: Any = None, *, objective: Objective) -> None:
        super().__init__(data)
        out: Any = self.fields["out"]
        out.queryset = Objective.objects.filter(
            cycle=objective.cycle_id, team=objective.team_id, slot__isnull=False
        ).order_by("slot")
