"""What is asked in a meeting. One form for each way an item can end; each turns into the arguments of its service."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import Opportunity, Stage, StageKind
from crm.services import lost_reason as lost_reasons
from l10n import calendars, formats
from l10n.forms import DateField, MoneyField, NumberField, TextField
from members.models import User
from rituals.models import ActionAnswer, Cause, DecisionKind, NoDecisionCode, Ritual
from rituals.services.gate import REASON_LENGTH


class PersonField(forms.ChoiceField):
    """One of the people that the form was given; cleans to the member or None."""

    def __init__(self, *, nobody: Any = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nobody, self.people = nobody, dict[str, User]()

    def seat(self, people: Sequence[User]) -> None:
        self.people = {str(person.pk): person for person in people}
        nobody = [("", self.nobody)] if self.nobody or not self.required else []
        self.choices = [*nobody, *((pk, person.name) for pk, person in self.people.items())]

    def clean(self, value: Any) -> User | None:
        return self.people.get(super().clean(value))


class PeopleField(forms.MultipleChoiceField):
    """Several of the people; cleans to a list of members."""

    widget = forms.CheckboxSelectMultiple

    def seat(self, people: Sequence[User]) -> None:
        self.people = {str(person.pk): person for person in people}
        self.choices = [(pk, person.name) for pk, person in self.people.items()]

    def clean(self, value: Any) -> list[User]:
        return [self.people[pk] for pk in super().clean(value)]


class RoomForm(forms.Form):
    """Several of these stand on one page, so each has its own ids. `people` fill its choices of persons."""

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        people: Sequence[User] = (),
        initial: Mapping[str, Any] | None = None,
        key: object = "",
    ) -> None:
        super().__init__(
            data, initial=dict(initial or {}), auto_id=f"{type(self).__name__.removesuffix('Form').lower()}{key}_%s"
        )
        for field in self.fields.values():
            if isinstance(field, PersonField | PeopleField):
                field.seat(people)

    def is_open(self) -> bool:
        """A form that comes back with errors is shown unfolded."""
        return self.is_bound and bool(self.errors)


class WordingForm(RoomForm):
    """What every decision says."""

    text = TextField(label=gettext_lazy("Decision"), max_length=300)
    owner = PersonField(label=gettext_lazy("Who"))
    due_on = DateField(label=gettext_lazy("By"), required=False)
    expected = TextField(label=gettext_lazy("What do we expect?"), max_length=300, required=False)
    not_measurable_because = TextField(
        label=gettext_lazy("…or why it cannot be measured"), max_length=300, required=False
    )
    why = TextField(label=gettext_lazy("Why so?"), max_length=300, required=False)
    review_on = DateField(label=gettext_lazy("Look back on"), required=False)
    decider = PersonField(label=gettext_lazy("Who decided?"), required=False, nobody=gettext_lazy("I did"))

    more = ("not_measurable_because", "why", "review_on", "decider")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-shortcut"] = "d"

    def arguments(self) -> dict[str, Any]:
        """As the services of `rituals.services.decision` want them."""
        return {name: self.cleaned_data.get(name) for name in ("text", "owner", "due_on", *self.more)} | {
            "expected": self.cleaned_data.get("expected") or "",
        }

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    def more_is_open(self) -> bool:
        return any(self[name].errors or self[name].value() for name in self.more)

    def _want(self, *names: str) -> None:
        for name in names:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, forms.Field.default_error_messages["required"])

    def _want_expectation(self) -> None:
        if not (self.cleaned_data.get("expected") or self.cleaned_data.get("not_measurable_because")):
            self.add_error("expected", _("What shall come of it? Or say below why it cannot be measured."))


class TopicForm(WordingForm):
    """A decision about a subject."""

    def clean(self) -> None:
        self._want_expectation()


class CorrectiveForm(WordingForm):
    """A corrective action for a key result."""

    cause = forms.ChoiceField(label=gettext_lazy("Why is it off?"), choices=[("", "—"), *Cause.choices])

    field_order = ("cause",)

    def clean(self) -> None:
        self._want("due_on")
        self._want_expectation()

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"cause": self.cleaned_data["cause"]}


class DecideForm(WordingForm):
    """A decision about a deal. Which of the fields count depends on `kind`; the others are ignored."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of decision"),
        choices=[(kind.value, kind.label) for kind in DecisionKind.for_deal()],
        widget=forms.RadioSelect,
    )
    helper = PersonField(label=gettext_lazy("Who helps?"), required=False)
    new_owner = PersonField(label=gettext_lazy("New owner"), required=False, nobody=gettext_lazy("Choose"))
    new_amount = MoneyField(label=gettext_lazy("Amount"), required=False)
    new_close = DateField(label=gettext_lazy("Expected close"), required=False)
    new_stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=Stage.objects.none(), required=False)
    lost_reason = TextField(
        label=gettext_lazy("Why do we give it up?"),
        required=False,
        widget=forms.TextInput(attrs={"list": "lost-reasons"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, deal: Opportunity, by: User, **kwargs: Any) -> None:
        initial = {
            "kind": DecisionKind.NEW_PLAN,
            "owner": deal.owner_id or by.pk,
            "helper": by.pk,
            "new_amount": deal.amount,
            "new_close": deal.expected_close,
            "new_stage": deal.stage_id,
        }
        super().__init__(data, initial={**initial, **(kwargs.pop("initial", None) or {})}, **kwargs)
        self.fields["text"].required = self.fields["owner"].required = False
        stage = self.fields["new_stage"]
        assert isinstance(stage, forms.ModelChoiceField)
        stage.queryset = Stage.objects.filter(kind=StageKind.OPEN)
        stage.empty_label = None

    @property
    def reasons(self) -> list[str]:
        """The firm's short list, proposed while a reason is typed."""
        return [reason.name for reason in lost_reasons.listed()]

    def clean(self) -> None:
        match self.cleaned_data.get("kind"):
            case DecisionKind.NEW_PLAN | DecisionKind.HELP:
                self._want("text", "due_on")
                self._want_expectation()
            case DecisionKind.CHANGE_OWNER:
                self._want("new_owner")
                self._want_expectation()
            case DecisionKind.DROP:
                self._want("lost_reason")

    def arguments(self) -> dict[str, Any]:
        wanted = {**super().arguments(), "kind": self.cleaned_data["kind"]}
        wanted["text"] = wanted["text"] or self._text()
        match wanted["kind"]:
            case DecisionKind.HELP:
                wanted["owner"] = self.cleaned_data["helper"]
            case DecisionKind.CHANGE_OWNER:
                wanted |= {"owner": None, "new_owner": self.cleaned_data["new_owner"]}
            case DecisionKind.CHANGE_FORECAST:
                wanted |= {name: self.cleaned_data[name] for name in ("new_amount", "new_close", "new_stage")}
            case DecisionKind.DROP:
                wanted |= {"lost_reason": self.cleaned_data["lost_reason"], "due_on": None}
        if not wanted["expected"] and not wanted["not_measurable_because"]:
            wanted["not_measurable_because"] = str(DecisionKind(wanted["kind"]).label)
        return wanted

    def _text(self) -> str:
        """The decision in words, where choosing its kind says everything."""
        match self.cleaned_data["kind"]:
            case DecisionKind.CHANGE_OWNER:
                return _("Handed over to %(owner)s") % {"owner": self.cleaned_data["new_owner"]}
            case DecisionKind.DROP:
                return _("Given up: %(reason)s") % {"reason": self.cleaned_data["lost_reason"]}
        return str(DecisionKind(self.cleaned_data["kind"]).label)


class DeferForm(RoomForm):
    reason = TextField(label=gettext_lazy("Why not today?"), max_length=300)
    until = DateField(label=gettext_lazy("Not before"), required=False)


class DelegateForm(RoomForm):
    to = PersonField(label=gettext_lazy("To whom?"), nobody=gettext_lazy("Choose"))
    until = DateField(label=gettext_lazy("By"))
    reason = TextField(label=gettext_lazy("What shall be settled?"), max_length=200, required=False)


class NoDecisionForm(RoomForm):
    code = forms.ChoiceField(label=gettext_lazy("Because"), choices=NoDecisionCode.choices, widget=forms.RadioSelect)
    reason = TextField(label=gettext_lazy("In one line"), max_length=300)


class AnswerForm(RoomForm):
    """What became of a promise. `answer` is the button that was pressed."""

    answer = forms.ChoiceField(choices=ActionAnswer.choices, widget=forms.HiddenInput)
    new_due_on = DateField(label=gettext_lazy("New day"), required=False)
    reason = TextField(label=gettext_lazy("Why?"), max_length=300, required=False)


class PresentForm(RoomForm):
    present = PeopleField(
        label=gettext_lazy("Who is here?"), error_messages={"required": gettext_lazy("Somebody has to be here.")}
    )


class CloseForm(RoomForm):
    """Closing; the two fields are shown, and count, when the meeting has no decision."""

    no_decision_code = forms.ChoiceField(
        label=gettext_lazy("Why was nothing decided?"), choices=[("", "—"), *NoDecisionCode.choices], required=False
    )
    no_decision_reason = TextField(label=gettext_lazy("In one line"), max_length=300, required=False)

    def clean(self) -> None:
        code, reason = self.cleaned_data.get("no_decision_code"), self.cleaned_data.get("no_decision_reason")
        if code and len(reason or "") < REASON_LENGTH:
            text = _("Please write at least %(count)s letters; executives read this.") % {"count": REASON_LENGTH}
            self.add_error("no_decision_reason", text)


class ReasonForm(RoomForm):
    reason = TextField(label=gettext_lazy("Why?"), max_length=300)


class SubjectForm(RoomForm):
    """A subject to put on the agenda."""

    title = TextField(label=gettext_lazy("Subject"))


class RitualForm(RoomForm):
    """When a ritual comes back, how long it takes, who runs it and who belongs to it."""

    name = TextField(label=gettext_lazy("Name"), max_length=80)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Day"), coerce=int)
    starts_at = forms.TypedChoiceField(label=gettext_lazy("Starts"), coerce=time.fromisoformat)
    minutes = NumberField(label=gettext_lazy("Length in minutes"), min_value=5, max_value=240)
    facilitator = PersonField(label=gettext_lazy("Who runs it"))
    members = PeopleField(label=gettext_lazy("Who belongs to it"), required=False)

    def __init__(self, *args: Any, ritual: Ritual, **kwargs: Any) -> None:
        starts = ritual.starts_at.strftime("%H:%M")
        initial = {
            "name": ritual.name,
            "weekday": ritual.weekday,
            "starts_at": starts,
            "minutes": ritual.minutes,
            "facilitator": ritual.facilitator_id,
            "members": list(ritual.members.values_list("pk", flat=True)),
        }
        super().__init__(*args, initial=initial, **kwargs)
        sample = date(2024, 1, 1)  # a Monday
        days = [(day, formats.weekday(sample + timedelta(day))) for day in calendars.weekdays()]
        hours = sorted({starts, *(f"{hour:02}:{minute:02}" for hour in range(7, 20) for minute in (0, 15, 30, 45))})
        self._choose("weekday", days)
        self._choose("starts_at", [(hour, formats.digits(hour)) for hour in hours])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
