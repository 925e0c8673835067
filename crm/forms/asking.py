"""The admin's small forms about fields, stages and reasons. Each change of a form asks why."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import KeyDecision
from crm.fields import asking
from crm.models import Asking, CustomField, CustomKind, Entity, FieldRule, Stage, StageKind
from l10n.forms import LongTextField, NumberField, TextField

if TYPE_CHECKING:
    DecisionBase = forms.ModelChoiceField[KeyDecision]
    StageBase = forms.ModelChoiceField[Stage]
    RuleBase = forms.ModelChoiceField[FieldRule]
    OwnBase = forms.ModelChoiceField[CustomField]
else:
    DecisionBase = StageBase = RuleBase = OwnBase = forms.ModelChoiceField


class DecisionField(DecisionBase):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("For which key decision?"))
        kwargs.setdefault("error_messages", {"required": gettext_lazy("A field that serves no decision is not asked.")})
        super().__init__(queryset=KeyDecision.objects.all(), empty_label=None, widget=forms.RadioSelect, **kwargs)


class StageField(StageBase):
    """Open and won stages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Stage.objects.exclude(kind=StageKind.LOST), required=False, **kwargs)


class RuleField(RuleBase):
    """The asked fields of an entity, by their labels."""

    def label_from_instance(self, obj: Any) -> str:
        return asking.label(obj.entity, obj.field)


class WhyForm(forms.Form):
    """Only the reason. All forms here end with it."""

    reason = TextField(
        label=gettext_lazy("Why?"), help_text=gettext_lazy("One line, for those who ask in a year. It is kept.")
    )


class RuleForm(WhyForm):
    """How hard a field is asked, and for which decision. Only fields of deals know stages."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How hard?"),
        choices=[
            (Asking.ASKED, gettext_lazy("Asked: it counts in the score")),
            (Asking.NEEDED, gettext_lazy("Needed: no deal enters the stage without it")),
        ],
        initial=Asking.ASKED,
        widget=forms.RadioSelect,
    )
    from_stage = StageField(label=gettext_lazy("From which stage on?"), empty_label=gettext_lazy("From the beginning"))
    serves = DecisionField()
    field_order = ("field", "mode", "from_stage", "serves", "instead_of", "reason")

    def __init__(self, data: Any = None, *, entity: Entity, field: str = "", initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        if entity != Entity.OPPORTUNITY:
            del self.fields["mode"], self.fields["from_stage"]
        elif field and not asking.can_guard(entity, field):
            del self.fields["mode"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mode") == Asking.NEEDED and not cleaned.get("from_stage") and "from_stage" in self.fields:
            self.add_error("from_stage", _("Choose the stage that no deal enters without it."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the services of rules take."""
        cleaned = self.cleaned_data
        return {
            "mode": cleaned.get("mode") or Asking.ASKED,
            "from_stage": cleaned.get("from_stage"),
            "serves": cleaned["serves"],
            "reason": cleaned["reason"],
        }


class AskForm(RuleForm):
    """For a field that is not asked yet; when seven are, which of them makes room?"""

    field = forms.ChoiceField(label=gettext_lazy("Which field?"))
    instead_of = RuleField(
        label=gettext_lazy("Which one makes room for it?"),
        queryset=FieldRule.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, data: Any = None, *, entity: Entity, full: bool, initial: Any = None) -> None:
        super().__init__(data, entity=entity, initial=initial)
        rules = FieldRule.objects.filter(entity=entity)
        asked = set(rules.values_list("field", flat=True))
        choice = self.fields["field"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(info.name, info.label) for info in asking.askable(entity) if info.name not in asked]
        instead_of = self.fields["instead_of"]
        assert isinstance(instead_of, RuleField)
        instead_of.queryset = rules
        if not full:
            del self.fields["instead_of"]

    def values(self) -> dict[str, Any]:
        chosen = [name for name in ("field", "instead_of") if name in self.cleaned_data]
        return super().values() | {name: self.cleaned_data[name] for name in chosen}


class OwnFieldForm(WhyForm):
    """A field of the firm's own. `kind` is chosen once; `choices` are lines."""

    label = TextField(label=gettext_lazy("What is it called?"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("What is entered?"), choices=CustomKind, widget=forms.RadioSelect)
    choices = LongTextField(
        label=gettext_lazy("Choices"), required=False, help_text=gettext_lazy("For a choice: one in each line.")
    )
    serves = DecisionField()
    instead_of = OwnBase(
        label=gettext_lazy("Which one makes room for it?"),
        queryset=CustomField.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ("label", "kind", "choices", "serves", "instead_of", "reason")

    def __init__(
        self,
        data: Any = None,
        *,
        entity: Entity,
        full: bool = False,
        field: CustomField | None = None,
        initial: Any = None,
    ) -> None:
        start: dict[str, Any] = {"kind": CustomKind.TEXT}
        if field:
            start = {"label": field.label, "choices": "\n".join(field.choices), "serves": field.serves_id}
        super().__init__(data, initial=initial or start)
        self.changed = field
        instead_of = self.fields["instead_of"]
        assert isinstance(instead_of, forms.ModelChoiceField)
        instead_of.queryset = CustomField.objects.filter(entity=entity, slot__isnull=False)
        if not full:
            del self.fields["instead_of"]
        if field:
            del self.fields["kind"]
        if field and field.kind != CustomKind.CHOICE:
            del self.fields["choices"]

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = self.changed.kind if self.changed else cleaned.get("kind")
        if kind == CustomKind.CHOICE and len(cleaned.get("choices", ())) < 2:
            self.add_error("choices", _("A choice has at least two. Write one in each line."))
        return cleaned


class StageForm(forms.Form):
    """`probability` in percent, `stale_after` in days."""

    name = TextField(label=gettext_lazy("Name"), max_length=60)
    meaning = TextField(
        label=gettext_lazy("What is true of a deal here?"),
        required=False,
        help_text=gettext_lazy("So that everybody means the same by it."),
    )
    probability = NumberField(label=gettext_lazy("Chance of winning, in percent"), max_value=100, initial=0)
    stale_after = NumberField(label=gettext_lazy("Stale after how many days?"), min_value=1, max_value=999, initial=14)


class StageRemovalForm(forms.Form):
    """Where the deals of a stage go before it is removed."""

    to = StageField(label=gettext_lazy("Where do its deals go?"), empty_label=None, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, stage: Stage) -> None:
        super().__init__(data)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.required = True
        to.queryset = Stage.objects.filter(kind=StageKind.OPEN).exclude(pk=stage.pk)


class ReasonNameForm(forms.Form):
    name = TextField(label=gettext_lazy("Reason"), max_length=80)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if len(name) < 2:
            raise ValidationError(_("A word or two, so that everybody understands it."))
        return name
