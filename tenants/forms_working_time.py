"""Forms over the firm's hours and days off."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from l10n import calendars, formats
from l10n.current import Calendar
from l10n.forms import DateField, TextField
from tenants.models import Tenant

LAST = time(23, 59)
# Those of `tenants.forms.ZONES` that we can name; the package behind them knows many more.
COUNTRIES = [
    ("IR", _("Iran")),
    ("AF", _("Afghanistan")),
    ("AE", _("United Arab Emirates")),
    ("IQ", _("Iraq")),
    ("OM", _("Oman")),
    ("QA", _("Qatar")),
    ("TR", pgettext_lazy("country", "Turkey")),
    ("AZ", _("Azerbaijan")),
    ("AM", _("Armenia")),
    ("GE", pgettext_lazy("country", "Georgia")),
    ("RU", _("Russia")),
    ("IN", _("India")),
    ("DE", _("Germany")),
    ("FR", _("France")),
    ("GB", _("United Kingdom")),
    ("NL", _("Netherlands")),
    ("SE", _("Sweden")),
    ("IT", _("Italy")),
    ("ES", _("Spain")),
    ("US", _("United States")),
    ("CA", _("Canada")),
    ("AU", _("Australia")),
]
HOME = {"Asia/Tehran": "IR", "Asia/Kabul": "AF", "Asia/Dubai": "AE", "Europe/Istanbul": "TR", "Europe/Berlin": "DE"}


def half_hours(*also: time) -> list[tuple[str, str]]:
    """The moments to choose from; `also` are kept choosable however they were set."""
    moments = {time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)} | {LAST, *also}
    return [(moment.strftime("%H:%M"), formats.clock(moment)) for moment in sorted(moments)]


class HoursForm(forms.Form):
    opens_at = forms.TypedChoiceField(label=_("Opens at"), coerce=time.fromisoformat)
    closes_at = forms.TypedChoiceField(label=_("Closes at"), coerce=time.fromisoformat)

    def __init__(self, data: Any = None, *, tenant: Tenant) -> None:
        now = {"opens_at": tenant.opens_at, "closes_at": tenant.closes_at}
        super().__init__(data, initial={name: at.strftime("%H:%M") for name, at in now.items()})
        for name, at in now.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = half_hours(at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens is not None and closes is not None and closes <= opens:
            self.add_error("closes_at", gettext("This is not after opening."))
        return cleaned


class HolidayForm(forms.Form):
    day = DateField(label=_("Day"))
    name = TextField(label=_("What for"), max_length=80)


class OfficialDaysForm(forms.Form):
    """Whose public holidays, and of which year of the firm's calendar: this one or the next."""

    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, data: Any = None, *, tenant: Tenant, today: date) -> None:
        self.calendar: Calendar = "jalali" if tenant.calendar == "jalali" else "gregorian"
        this = calendars.parts(today, self.calendar).year
        super().__init__(data, initial={"country": HOME.get(tenant.timezone, "IR"), "year": this})
        year = self.fields["year"]
        assert isinstance(year, forms.ChoiceField)
        year.choices = [(each, formats.digits(each)) for each in (this, this + 1)]

    def span(self) -> tuple[date, date]:
        year: int = self.cleaned_data["year"]
        first = calendars.from_parts(year, 1, 1, self.calendar)
        return first, calendars.from_parts(year + 1, 1, 1, self.calendar) - timedelta(1)


class DayForm(forms.Form):
    """An ISO day behind a button."""

    day = forms.CharField()

    def clean_day(self) -> date:
        try:
            return date.fromisoformat(self.cleaned_data["day"])
        except ValueError:
            raise ValidationError(gettext("The calendar has no such day. Please check the date.")) from None
