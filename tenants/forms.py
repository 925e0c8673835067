from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from l10n.forms import DateField, EmailField, TextField
from l10n.text import digits_to_ascii
from tenants import clock
from tenants.models import Calendar, Language, MoneyUnit, Playbook, Tenant, Visibility
from tenants.services.addresses import Problem, problem_of
from tenants.services.signup import Wish
from tenants.services.workspace import WorkspaceSettings

PROBLEMS = {
    Problem.SHAPE: _("Use 3 to 30 small English letters, digits and single hyphens, beginning with a letter."),
    Problem.RESERVED: _("This address is kept for ourselves. Please choose another one."),
    Problem.TAKEN: _("This address is taken. Please choose another one."),
}
CURRENCIES = [
    ("IRR", _("Iranian rial (shown in toman)")),
    ("USD", _("US dollar")),
    ("EUR", _("Euro")),
    ("GBP", _("British pound")),
    ("AED", _("UAE dirham")),
    ("TRY", _("Turkish lira")),
]
SEEING = [
    (Visibility.ALL, _("all records of the firm")),
    (Visibility.TEAM, _("their own, their team's and those without an owner")),
    (Visibility.OWN, _("reps only their own and those without an owner; managers their team's")),
]
WEEKDAYS = [
    (5, _("Saturday")),
    (6, _("Sunday")),
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
]
# One city for each usual way of counting hours; a list of all four hundred helps nobody and weighs 30 kB.
ZONES = """
    Asia/Tehran Asia/Kabul Asia/Dubai Asia/Baghdad Asia/Riyadh Asia/Baku Asia/Yerevan Asia/Tbilisi Europe/Istanbul
    Europe/Moscow Asia/Karachi Asia/Tashkent Asia/Kolkata Asia/Dhaka Asia/Bangkok Asia/Singapore Asia/Shanghai
    Asia/Tokyo Australia/Perth Australia/Adelaide Australia/Sydney Pacific/Auckland Africa/Cairo Africa/Nairobi
    Africa/Johannesburg Africa/Lagos Asia/Jerusalem Asia/Beirut Europe/Athens Europe/Helsinki Europe/Berlin
    Europe/Amsterdam Europe/Paris Europe/Madrid Europe/Rome Europe/Vienna Europe/Zurich Europe/Stockholm Europe/Warsaw
    Europe/London Europe/Dublin Europe/Lisbon UTC America/Sao_Paulo America/Buenos_Aires America/Halifax
    America/New_York America/Toronto America/Chicago America/Mexico_City America/Denver America/Los_Angeles
    America/Vancouver America/Anchorage Pacific/Honolulu
"""


def timezone_choices(now: str = "") -> list[tuple[str, str]]:
    """`now` is offered too, so that a firm never loses a zone that was set in another way."""
    names = ZONES.split()
    return [(name, name.replace("_", " ")) for name in (*names, *([now] if now and now not in names else []))]


class AddressField(forms.CharField):
    """The firm's sub-domain, as typed: capitals, Persian digits and a pasted host name are forgiven."""

    def to_python(self, value: Any) -> str:
        typed = digits_to_ascii(str(super().to_python(value) or "")).strip().lower()
        return typed.removeprefix("https://").removeprefix("http://").split(".", 1)[0]


class SignUpForm(forms.Form):
    name = TextField(max_length=120, label=_("Name of your firm"))
    address = AddressField(max_length=80, label=_("Address of your workspace"))
    playbook = forms.ChoiceField(choices=Playbook, label=_("How do you sell?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(choices=Language, label=_("Language"), widget=forms.RadioSelect)
    calendar = forms.ChoiceField(choices=Calendar, label=_("Calendar"), widget=forms.RadioSelect)
    currency = forms.ChoiceField(choices=CURRENCIES, label=_("Currency"))
    timezone = forms.ChoiceField(choices=timezone_choices(), label=_("Time zone"))
    admin_name = TextField(max_length=120, label=_("Your name"))
    admin_email = EmailField(label=_("Your e-mail"))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
        help_text=_("At least 10 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs.update(dir="ltr", autocomplete="off", spellcheck="false")
        self.fields["address"].widget.attrs |= {
            "hx-get": reverse("signup_address", urlconf=settings.PUBLIC_SCHEMA_URLCONF),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#address-state",
        }
        self.fields["admin_name"].widget.attrs["autocomplete"] = "name"
        self.fields["admin_email"].widget.attrs["autocomplete"] = "username"

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if problem := problem_of(address, now=clock.now()):
            raise ValidationError(PROBLEMS[problem])
        return address

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(**{name: value for name, value in data.items() if name != "password"})


class FindForm(forms.Form):
    """Who knows the address goes straight to the log-in page of the workspace."""

    address = AddressField(max_length=80, label=_("Address of your workspace"))


class WorkspaceForm(forms.Form):
    name = TextField(max_length=120, label=_("Name of the firm"))
    language = forms.ChoiceField(choices=Language, label=_("Language"), widget=forms.RadioSelect)
    calendar = forms.ChoiceField(choices=Calendar, label=_("Calendar"), widget=forms.RadioSelect)
    timezone = forms.ChoiceField(choices=timezone_choices(), label=_("Time zone"))
    money_unit = forms.ChoiceField(
        choices=MoneyUnit, label=_("Amounts are shown in"), widget=forms.RadioSelect, required=False
    )
    next_unit = forms.ChoiceField(
        choices=[("", _("No change planned")), *MoneyUnit.choices], label=_("Later in"), required=False
    )
    next_unit_on = DateField(
        label=_("From"),
        required=False,
        help_text=_("Stored amounts stay as they are; from this day on they are shown and typed in the new unit."),
    )
    visibility = forms.ChoiceField(choices=SEEING, label=_("Reps and managers see"), widget=forms.RadioSelect)
    week_start = forms.TypedChoiceField(choices=WEEKDAYS[:3], coerce=int, label=_("The week begins on"))
    weekend = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        label=pgettext_lazy("days off", "Weekend"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    objective_cap = forms.TypedChoiceField(
        choices=[(3, _("Three")), (4, _("Four"))],
        coerce=int,
        label=_("Objectives per level, at most"),
        widget=forms.RadioSelect,
        help_text=_("Few enough to remember them all."),
    )

    def __init__(self, data: Any = None, *, tenant: Tenant) -> None:
        self.today = tenant.today()
        initial = {name: getattr(tenant, name, None) for name in self.base_fields}
        super().__init__(data, initial={**initial, **self._units(tenant)})
        self.fields["timezone"].choices = timezone_choices(tenant.timezone)  # type: ignore[attr-defined]
        if tenant.currency != "IRR":
            for name in ("money_unit", "next_unit", "next_unit_on"):
                del self.fields[name]

    def _units(self, tenant: Tenant) -> dict[str, Any]:
        coming = sorted(day for day in tenant.money_unit_from if day > self.today.isoformat())
        now = tenant.money_unit_on(self.today)
        if not coming:
            return {"money_unit": now}
        on = date.fromisoformat(coming[0])
        return {"money_unit": now, "next_unit": tenant.money_unit_from[coming[0]], "next_unit_on": on}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, on = cleaned.get("next_unit"), cleaned.get("next_unit_on")
        if unit and not on and "next_unit_on" not in self.errors:
            self.add_error("next_unit_on", gettext("From which day on?"))
        if on and not unit:
            self.add_error("next_unit", gettext("Which unit begins that day?"))
        if on and on <= self.today:
            self.add_error("next_unit_on", gettext("Please choose a later day, or change the unit above at once."))
        return cleaned

    def clean_weekend(self) -> list[int]:
        days: list[int] = sorted(self.cleaned_data["weekend"])
        if len(days) > 4:
            raise ValidationError(gettext("A week needs at least three working days."))
        return days

    def settings(self) -> WorkspaceSettings:
        without_units = {"money_unit": "", "next_unit": "", "next_unit_on": None}
        return WorkspaceSettings(**{**without_units, **self.cleaned_data})
