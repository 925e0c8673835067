"""A next step in one line, with a date field that appears when the line names no day."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.base import put
from crm.forms.fields import PickField
from crm.models import InteractionKind
from crm.picking import Picked
from crm.step_words import read_step
from l10n.current import current
from l10n.forms import DateField, TextField
from members.models import User


class StepLine(forms.Form):
    """`next_step` is «سه‌شنبه، ارسال پیش‌فاکتور»; `next_on` wins over a day in it. Cleans `what` and `due_on`.

    A step without a day comes back with a day proposed, so that one more Enter saves it.
    """

    next_step = TextField(label=gettext_lazy("Next step"), required=False)
    next_on = DateField(label=gettext_lazy("By when?"), required=False)

    def __init__(self, data: Any = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        self.asks_date = bool(self.is_bound and self.data.get(self.add_prefix("next_on")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed, on = cleaned.get("next_step") or "", cleaned.get("next_on")
        step = read_step(typed, today=self.today, calendar=current().calendar)
        cleaned["what"] = step.what or (_("Follow up") if on else "")
        cleaned["due_on"] = on or step.due_on
        if typed and not cleaned["due_on"] and "next_on" not in self.errors:
            self._ask_date()
        return cleaned

    def _ask_date(self) -> None:
        self.asks_date = True
        self.add_error("next_on", _("By when? Enter takes this day."))
        proposed = self.fields["next_on"].widget.format_value(self.proposed_day())
        self.data = put(self.data, self.add_prefix("next_on"), proposed)

    def proposed_day(self) -> date:
        """The next working day."""
        day = self.today + timedelta(1)
        weekend = current().weekend
        while day.weekday() in weekend and len(weekend) < 7:
            day += timedelta(1)
        return day


class NewStepForm(StepLine):
    def clean_next_step(self) -> str:
        typed: str = self.cleaned_data["next_step"]
        if not typed:
            raise ValidationError(_("What will you do next?"), code="required")
        return typed


class RescheduleForm(forms.Form):
    due_on = DateField(label=gettext_lazy("Move to"))

    def __init__(self, data: Any = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["due_on"]
        assert isinstance(field, DateField)
        field.today = today


class QuickLogForm(StepLine):
    """Who, kind, one sentence, next step. With `about`, the record is given and nobody is asked who."""

    who = PickField(label=gettext_lazy("With whom?"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=InteractionKind)
    sentence = TextField(label=gettext_lazy("What happened?"), max_length=500)
    happened_on = DateField(label=gettext_lazy("It happened on"), prefer="past", required=False)
    field_order = ("who", "kind", "sentence", "next_step", "next_on")

    def __init__(self, data: Any = None, *, user: User, today: date, about: Picked | None = None) -> None:
        super().__init__(data, today=today, initial={"who": about, "kind": InteractionKind.CALL})
        who = self.fields["who"]
        assert isinstance(who, PickField)
        who.user = user
        who.widget.attrs["data-shortcut"] = "l"
        self.fields["sentence"].widget.attrs["placeholder"] = _("One sentence is enough")
        self.fields["next_step"].widget.attrs["placeholder"] = _("Tuesday, send the offer")
        who.widget.attrs["placeholder"] = _("Customer, deal or lead")
        happened_on = self.fields["happened_on"]
        assert isinstance(happened_on, DateField)
        happened_on.today = today
        happened_on.widget.attrs["placeholder"] = _("yesterday")

    def clean_happened_on(self) -> date | None:
        day: date | None = self.cleaned_data["happened_on"]
        if day and day > self.today:
            raise ValidationError(_("This day has not come yet. Plan it as a next step."))
        return day
