from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.fields import PersonField
from crm.intake.matching import Match
from crm.models import Assignment, Breach, Customer, Lead, LeadCategory, Opportunity
from l10n import text
from l10n.forms import DateField, LongTextField, MoneyField, NumberField, TextField
from members.models import Role, User

MOST_MINUTES = 10_080
MOST_SOURCES = 40


class CategoryForm(forms.Form):
    name = TextField(label=gettext_lazy("Name"), max_length=60)
    sources = LongTextField(
        label=gettext_lazy("Sources"), required=False, help_text=gettext_lazy("One a line, as they stand on the leads.")
    )
    respond_within = NumberField(
        label=gettext_lazy("Answer within (minutes of working time)"), min_value=1, max_value=MOST_MINUTES
    )
    assignment = forms.ChoiceField(
        label=gettext_lazy("A new lead goes"), choices=Assignment, widget=forms.RadioSelect, initial=Assignment.ROTATION
    )
    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who answers"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody chosen: all reps."),
    )
    on_breach = forms.ChoiceField(
        label=gettext_lazy("When the time has passed"),
        choices=Breach,
        widget=forms.RadioSelect,
        initial=Breach.TELL,
    )
    is_default = forms.BooleanField(label=gettext_lazy("Takes all leads of other sources"), required=False)
    names = ("name", "respond_within", "assignment", "on_breach", "is_default")

    def __init__(self, data: Any = None, *, category: LeadCategory | None = None) -> None:
        super().__init__(data, initial=self._stored(category) if category else {"respond_within": 120})
        people = self.fields["people"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        now = Q(lead_categories=category) if category else Q(pk=None)
        active = Q(is_active=True) & ~Q(role=Role.EXECUTIVE)
        people.queryset = User.objects.filter(active | now).distinct()

    def _stored(self, category: LeadCategory) -> dict[str, Any]:
        stored: dict[str, Any] = {name: getattr(category, name) for name in self.names}
        people = list(category.people.values_list("pk", flat=True))
        return {**stored, "sources": "\n".join(category.sources), "people": people}

    def clean_sources(self) -> list[str]:
        lines = (text.clean_line(line)[:80] for line in self.cleaned_data["sources"].splitlines())
        sources = list({text.squeeze(line): line for line in lines if line}.values())
        if len(sources) > MOST_SOURCES:
            raise forms.ValidationError(_("That are too many sources for one category."))
        return sources

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.names, "sources")}


class AssignForm(forms.Form):
    owner = PersonField(label=gettext_lazy("Owner"), required=False)


class ConvertForm(forms.Form):
    """A lead becomes customer, contact and deal; everything known is filled in already."""

    title = TextField(label=gettext_lazy("What do they want to buy?"))
    customer = forms.ModelChoiceField(
        label=gettext_lazy("Customer"), queryset=Customer.objects.none(), required=False, widget=forms.RadioSelect
    )
    amount = MoneyField(label=gettext_lazy("Amount"), required=False)
    expected_close = DateField(label=gettext_lazy("Expected close"), required=False)

    def __init__(self, data: Any = None, *, lead: Lead, matches: list[Match]) -> None:
        super().__init__(data, initial={"customer": matches[0].customer.pk if matches else None})
        field = self.fields["customer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Customer.objects.filter(pk__in=[match.customer.pk for match in matches])
        field.choices = [
            *[
                (
                    match.customer.pk,
                    _("%(name)s (%(why)s)") % {"name": text.isolate(match.customer.name), "why": match.why},
                )
                for match in matches
            ],
            ("", _("New: %(name)s") % {"name": text.isolate(lead.company or lead.name)}),
        ]
        if not matches:
            del self.fields["customer"]


class SnoozeForm(forms.Form):
    until = DateField(label=gettext_lazy("Let it rest until"))
    because = TextField(label=gettext_lazy("Because"))

    def __init__(self, data: Any = None, *, deal: Opportunity, today: date) -> None:
        super().__init__(data, initial={"until": deal.snoozed_until, "because": deal.snoozed_because})
        until = self.fields["until"]
        assert isinstance(until, DateField)
        until.today = today
        self.fields["because"].widget.attrs["placeholder"] = _("Their budget is decided in spring")
