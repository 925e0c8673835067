from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.base import RecordForm
from crm.forms.fields import PersonField, PickField
from crm.forms.steps import StepLine
from crm.models import Case, CaseKind, Contact, InteractionKind, Opportunity
from l10n.forms import DateField, TextField
from members.models import User

SATISFACTION: tuple[tuple[int, Any], ...] = (
    (5, gettext_lazy("Very happy")),
    (4, gettext_lazy("Happy")),
    (3, gettext_lazy("Neither")),
    (2, gettext_lazy("Unhappy")),
    (1, gettext_lazy("Very unhappy")),
)


class NewCaseForm(forms.Form):
    """Who, what, by when: four fields, of which one may stay empty."""

    customer = PickField(label=gettext_lazy("Customer"), kinds=("customer",))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CaseKind, widget=forms.RadioSelect)
    subject = TextField(label=gettext_lazy("What is it about?"))
    due_on = DateField(label=gettext_lazy("Due"), required=False)

    def __init__(self, data: Any = None, *, user: User, today: date, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"kind": CaseKind.COMPLAINT, **(initial or {})})
        customer, due_on = self.fields["customer"], self.fields["due_on"]
        assert isinstance(customer, PickField)
        assert isinstance(due_on, DateField)
        customer.user, due_on.today = user, today
        due_on.help_text = _("Empty: two working days for a complaint, five for a request.")
        self.fields["subject"].widget.attrs["placeholder"] = _("The filler leaks again")


class CaseForm(RecordForm[Case]):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CaseKind)
    subject = TextField(label=gettext_lazy("What is it about?"))
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    due_on = DateField(label=gettext_lazy("Due"), required=False)
    contact = forms.ModelChoiceField(label=gettext_lazy("Contact"), queryset=Contact.objects.none(), required=False)
    opportunity = forms.ModelChoiceField(
        label=gettext_lazy("Deal"), queryset=Opportunity.objects.none(), required=False
    )
    names = ("kind", "subject", "owner", "due_on", "contact", "opportunity")

    def __init__(self, data: Any = None, *, user: User, record: Case, deals: Any) -> None:
        super().__init__(data, user=user, record=record)
        contact, opportunity = self.fields["contact"], self.fields["opportunity"]
        assert isinstance(contact, forms.ModelChoiceField)
        assert isinstance(opportunity, forms.ModelChoiceField)
        contact.queryset = Contact.objects.filter(customer=record.customer_id)
        opportunity.queryset = deals
        if record.opportunity_id and not deals.filter(pk=record.opportunity_id).exists():
            # A deal that is hidden from the user stays as it is.
            del self.fields["opportunity"]


class NoteForm(StepLine):
    """What happened about a case, and what comes next."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=InteractionKind)
    sentence = TextField(label=gettext_lazy("What happened?"), max_length=500)
    field_order = ("kind", "sentence", "next_step", "next_on")

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, today=today)
        self.fields["sentence"].widget.attrs |= {"placeholder": _("One sentence is enough"), "data-shortcut": "l"}


class FinishForm(StepLine):
    """What came of it, and the follow-up: a question that is proposed and may be emptied."""

    outcome = TextField(label=gettext_lazy("What came of it?"), max_length=300)
    field_order = ("outcome", "next_step", "next_on")

    def __init__(self, data: Any = None, *, today: date, follow_up: date) -> None:
        super().__init__(data, today=today)
        self.initial = {"next_step": _("Ask whether it is all right now"), "next_on": follow_up}
        self.fields["next_step"].label = _("Follow-up")

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("next_step"):
            # Emptying the question says: no follow-up. The proposed day alone is none.
            self.cleaned_data["next_on"] = None
        return super().clean()


class ReopenForm(forms.Form):
    because = TextField(label=gettext_lazy("Why is it open again?"), max_length=500)


class RateForm(forms.Form):
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied is the customer?"),
        choices=SATISFACTION,
        coerce=int,
        widget=forms.RadioSelect,
    )
