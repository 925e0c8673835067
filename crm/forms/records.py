from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields import catalog
from crm.forms.base import RecordForm
from crm.forms.fields import PersonField, PickField
from crm.forms.own import form_field
from crm.models import Contact, Customer, Entity, Lead, Opportunity, Stage, StageKind
from crm.services import lost_reason as lost_reasons
from l10n.forms import DateField, EmailField, LongTextField, MoneyField, PhoneField, TextField
from members.models import User


class CustomerForm(RecordForm[Customer]):
    name = TextField(label=gettext_lazy("Name"))
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    email = EmailField(label=gettext_lazy("E-mail"), required=False)
    sector = TextField(label=gettext_lazy("Sector"), max_length=80, required=False)
    city = TextField(label=gettext_lazy("City"), max_length=80, required=False)
    service_owner = PersonField(label=gettext_lazy("Service owner"), required=False)
    note = LongTextField(label=gettext_lazy("Note"), required=False)
    names = ("name", "owner", "service_owner", "phone", "email", "sector", "city", "note")
    entity = Entity.CUSTOMER


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
    entity = Entity.LEAD


class DealForm(RecordForm[Opportunity]):
    title = TextField(label=gettext_lazy("Title"))
    customer = PickField(label=gettext_lazy("Customer"), kinds=("customer",), required=False)
    amount = MoneyField(label=gettext_lazy("Amount"), required=False)
    expected_close = DateField(label=gettext_lazy("Expected close"), required=False)
    owner = PersonField(label=gettext_lazy("Owner"), required=False)
    names: tuple[str, ...] = ("title", "customer", "amount", "expected_close", "owner")
    entity = Entity.OPPORTUNITY


class NewDealForm(DealForm):
    """Also asks where the deal stands."""

    stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=Stage.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ModelChoiceField)
        stage.queryset = Stage.objects.filter(kind=StageKind.OPEN)

    def ask_for(self, missing: Sequence[str]) -> None:
        """The chosen stage is guarded: says so beside each field that it needs."""
        for name in missing:
            self.add_error(name, _("The stage needs this first."))


class MoveForm(forms.Form):
    """Asks exactly what a stage needs and the deal lacks, and why a deal was lost.

    `asks` are names of fields, and "lost_reason". That comes from the short list, or in a few words of one's own.
    """

    def __init__(self, data: Any = None, *, asks: Sequence[str], user: User | None = None) -> None:
        super().__init__(data)
        for name in asks:
            info = catalog.field(Entity.OPPORTUNITY, name)
            if info:
                self.fields[name] = form_field(info, required=True)
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.user = user
        if "lost_reason" in asks:
            self._ask_reason()

    def _ask_reason(self) -> None:
        listed = [(reason.name, reason.name) for reason in lost_reasons.listed()]
        own_words = TextField(label=gettext_lazy("Another reason, in a few words"), required=False)
        if not listed:
            self.fields["lost_reason"] = TextField(label=gettext_lazy("Why was it lost?"))
            return
        self.fields["lost_reason"] = forms.ChoiceField(
            label=gettext_lazy("Why was it lost?"), choices=listed, widget=forms.RadioSelect, required=False
        )
        self.fields["lost_reason_other"] = own_words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = cleaned.pop("lost_reason_other", "")
        if "lost_reason" in self.fields and "lost_reason" not in self.errors:
            cleaned["lost_reason"] = words or cleaned.get("lost_reason", "")
            if not lost_reasons.explains(cleaned["lost_reason"]):
                self.add_error("lost_reason", _("Choose the reason, or say it in a few words."))
        return cleaned


class ReasonForm(forms.Form):
    because = TextField(label=gettext_lazy("Why?"), required=False)
