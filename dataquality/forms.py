"""One small form for each rule: exactly the field that repairs it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields import asked, asking
from crm.forms.fields import PersonField, PickField
from crm.forms.own import form_field
from crm.models import Contact, Entity, InteractionKind
from dataquality.models import Rule
from dataquality.rules import ActiveRule
from l10n.forms import DateField, MoneyField, PhoneField, TextField
from members.models import User


class FixForm(forms.Form):
    """`record` is the deal, lead or customer to repair. Ids are unique on a page that shows many of these forms.

    `people` saves the query for each list of owners on a page with several.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        record: Any,
        rule: ActiveRule,
        today: date,
        user: User,
        people: Sequence[User] | None = None,
    ) -> None:
        self.record, self.today = record, today
        super().__init__(data, auto_id=f"{rule.definition.entity.value}-{record.pk}-{rule.name}-%s")
        self.fit(user, people)

    def fit(self, user: User, people: Sequence[User] | None) -> None:
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.user = user
            if isinstance(field, PersonField) and people is not None:
                field.choices = [("", field.empty_label), *((person.pk, person.name) for person in people)]

    @property
    def is_single(self) -> bool:
        """One field: the button stands beside it."""
        return len(self.fields) == 1


class AmountForm(FixForm):
    amount = MoneyField(label=gettext_lazy("Amount"))


class CloseForm(FixForm):
    expected_close = DateField(label=gettext_lazy("Expected close"))

    def clean_expected_close(self) -> date:
        return _not_past(self.cleaned_data["expected_close"], self.today)


class CustomerForm(FixForm):
    """Cleans to a customer, or to a new one's name."""

    customer = PickField(kinds=("customer",), label=gettext_lazy("Customer"))


class OwnerForm(FixForm):
    owner = PersonField(label=gettext_lazy("Owner"), empty_label=gettext_lazy("Choose a person"))


class StepForm(FixForm):
    what = TextField(label=gettext_lazy("Next step"))
    due_on = DateField(label=gettext_lazy("By"))

    def clean_due_on(self) -> date:
        return _not_past(self.cleaned_data["due_on"], self.today)


class OverdueForm(FixForm):
    """A new day, or the button "It is done", which needs none."""

    due_on = DateField(label=gettext_lazy("New day"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.is_done = bool(data and data.get("done"))

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if self.is_done:
            return None
        if day is None:
            raise ValidationError(_("Please choose a day, or say that it is done."))
        return _not_past(day, self.today)


class DeciderForm(FixForm):
    """Somebody known at the customer, or the name of somebody new."""

    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        Contact.objects.none(),
        required=False,
        label=gettext_lazy("Who decides?"),
        empty_label=gettext_lazy("Somebody new"),
    )
    name = TextField(label=gettext_lazy("Name"), required=False, max_length=120)
    title = TextField(label=gettext_lazy("Position"), required=False, max_length=80)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known: Sequence[Contact] = self.record.customer.contacts.all()
        if known:
            field: Any = self.fields["contact"]
            field.queryset = Contact.objects.filter(customer=self.record.customer_id)
            # The contacts came along with the record; without this each form would ask for them again.
            field.choices = [("", field.empty_label), *((contact.pk, contact.name) for contact in known)]
        else:
            del self.fields["contact"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("contact") and not values.get("name"):
            self.add_error("name", _("Please write the name of the person who decides."))
        return values


class PhoneForm(FixForm):
    phone = PhoneField(label=gettext_lazy("Phone"))


class SourceForm(FixForm):
    source = TextField(label=gettext_lazy("Source"), max_length=80)


class TalkForm(FixForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=InteractionKind.choices, initial=InteractionKind.CALL)
    sentence = TextField(label=gettext_lazy("What happened?"), max_length=500)


class AskedForm(FixForm):
    """Whatever the firm asks of this record and lacks; some of it is better than nothing."""

    def __init__(self, data: Any = None, *, rule: ActiveRule, **kwargs: Any) -> None:
        super().__init__(data, rule=rule, **kwargs)
        for row in rule.rows:
            info = asking.info(row.entity, row.field)
            if info and asked.counts(row, self.record) and asked.is_empty(self.record, row.field):
                self.fields[info.name] = form_field(info)
        self.fit(kwargs["user"], kwargs.get("people"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        filled = {name: value for name, value in cleaned.items() if value not in (None, "")}
        if not filled and not self.errors:
            raise ValidationError(_("Please fill in at least one of these."))
        return filled


FORMS: dict[tuple[Entity, Rule], type[FixForm]] = {
    (Entity.OPPORTUNITY, Rule.NO_CUSTOMER): CustomerForm,
    (Entity.OPPORTUNITY, Rule.NO_AMOUNT): AmountForm,
    (Entity.OPPORTUNITY, Rule.NO_CLOSE_DATE): CloseForm,
    (Entity.OPPORTUNITY, Rule.NO_DECIDER): DeciderForm,
    (Entity.OPPORTUNITY, Rule.CLOSE_PAST): CloseForm,
    (Entity.OPPORTUNITY, Rule.STALE): TalkForm,
    (Entity.LEAD, Rule.LEAD_NO_WAY): PhoneForm,
    (Entity.LEAD, Rule.LEAD_NO_SOURCE): SourceForm,
    (Entity.LEAD, Rule.LEAD_UNANSWERED): TalkForm,
    (Entity.CUSTOMER, Rule.CUSTOMER_NO_PHONE): PhoneForm,
    **dict.fromkeys([(entity, Rule.ASKED_EMPTY) for entity in Entity], AskedForm),
    **dict.fromkeys([(entity, Rule.NO_OWNER) for entity in Entity], OwnerForm),
    **dict.fromkeys([(entity, Rule.NO_NEXT_STEP) for entity in (Entity.OPPORTUNITY, Entity.LEAD)], StepForm),
    **dict.fromkeys([(entity, Rule.STEP_OVERDUE) for entity in (Entity.OPPORTUNITY, Entity.LEAD)], OverdueForm),
}


def form_for(
    rule: ActiveRule, record: Any, today: date, user: User, data: Any = None, people: Sequence[User] | None = None
) -> FixForm:
    form = FORMS[rule.definition.entity, rule.definition.rule]
    return form(data, record=record, rule=rule, today=today, user=user, people=people)


def _not_past(day: date, today: date) -> date:
    if day < today:
        raise ValidationError(_("This day is past. Please choose today or a later one."))
    return day
