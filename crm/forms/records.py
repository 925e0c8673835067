from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.base import RecordForm
from crm.forms.fields import PersonField, PickField
from crm.models import Contact, Customer, Lead, Opportunity, Stage, StageKind
from l10n.forms import DateField, EmailField, LongTextField, MoneyField, PhoneField, TextField


class CustomerForm(RecordForm[Customer]):
    name = TextField(label=gettext_lazy("Name"))
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    email = EmailField(label=gettext_lazy("E-mail"), required=False)
    sector = TextField(label=gettext_lazy("Sector"), max_length=80, required=False)
    city = TextField(label=gettext_lazy("City"), max_length=80, required=False)
    note = LongTextField(label=gettext_lazy("Note"), required=False)
    names = ("name", "owner", "phone", "email", "sector", "city", "note")


class ContactForm(RecordForm[Contact]):
    name = TextField(label=gettext_lazy("Name"), max_length=120)
    title = TextField(label=gettext_lazy("Position"), max_length=80, required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    email = EmailField(label=gettext_lazy("E-mail"), required=False)
    decides = forms.BooleanField(label=gettext_lazy("Decides on buying"), required=False)
    names = ("name", "title", "phone", "email", "decides")


class LeadForm(RecordForm[Lead]):
    name = TextField(label=gettext_lazy("Name"), max_length=120)
    company = TextField(label=gettext_lazy("Firm"), required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    email = EmailField(label=gettext_lazy("E-mail"), required=False)
    source = TextField(label=gettext_lazy("Source"), max_length=80, required=False)
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    names = ("name", "company", "phone", "email", "source", "owner")


class DealForm(RecordForm[Opportunity]):
    title = TextField(label=gettext_lazy("Title"))
    customer = PickField(label=gettext_lazy("Customer"), kinds=("customer",), required=False)
    amount = MoneyField(label=gettext_lazy("Amount"), required=False)
    expected_close = DateField(label=gettext_lazy("Expected close"), required=False)
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    names: tuple[str, ...] = ("title", "customer", "amount", "expected_close", "owner")


class CellForm(DealForm):
    """One value of a deal, edited in its place."""

    def __init__(self, data: Any = None, *, only: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.names = (only,)
        self.fields = {name: field for name, field in self.fields.items() if name in (only, "version")}


class NewDealForm(DealForm):
    """Also asks where the deal stands."""

    stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=Stage.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ModelChoiceField)
        stage.queryset = Stage.objects.filter(kind=StageKind.OPEN)


class MoveForm(forms.Form):
    """Asks exactly what a stage needs and the deal lacks, and why a deal was lost."""

    amount = MoneyField(label=gettext_lazy("Amount"))
    expected_close = DateField(label=gettext_lazy("Expected close"))
    owner = PersonField(label=gettext_lazy("Owner"), empty_label=None)
    lost_reason = TextField(label=gettext_lazy("Why was it lost?"))

    def __init__(self, data: Any = None, *, asks: tuple[str, ...]) -> None:
        super().__init__(data)
        self.fields = {name: field for name, field in self.fields.items() if name in asks}

    @classmethod
    def can_ask(cls, name: str) -> bool:
        return name in cls.base_fields


class ConvertForm(forms.Form):
    """A lead becomes customer, contact and deal; everything known is filled in already."""

    title = TextField(label=gettext_lazy("What do they want to buy?"))
    amount = MoneyField(label=gettext_lazy("Amount"), required=False)
    expected_close = DateField(label=gettext_lazy("Expected close"), required=False)
    customer = forms.ModelChoiceField(
        label=gettext_lazy("Customer"), queryset=Customer.objects.none(), required=False, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, lead: Lead, similar: list[Customer]) -> None:
        super().__init__(data, initial={"customer": similar[0].pk if similar else None})
        field = self.fields["customer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Customer.objects.filter(pk__in=[customer.pk for customer in similar])
        field.choices = [
            *[(customer.pk, _("Known: %(name)s") % {"name": customer.name}) for customer in similar],
            ("", _("New: %(name)s") % {"name": lead.company or lead.name}),
        ]
        if not similar:
            del self.fields["customer"]


class ReasonForm(forms.Form):
    because = TextField(label=gettext_lazy("Why?"), required=False)
