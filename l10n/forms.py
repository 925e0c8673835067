"""Form fields that read what people type in either language. Errors say what was wrong and show an example."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from l10n import calendars, formats, text
from l10n.current import current
from l10n.current import today as current_day
from l10n.dates import DateNotUnderstood, Prefer, parse_day
from l10n.numbers import NumberNotUnderstood, OtherCurrency, parse_money, parse_number

# Two of the base unit, and four for new rials.
EXACT_DECIMALS = 6
THREE_PLACES = re.compile(r"[.٫]\d{3}$")
ChoiceField = forms.ChoiceField
MultipleChoiceField = forms.MultipleChoiceField
BooleanField = forms.BooleanField


# --- Text ---------------------------------------------------------------------------------------------------------
class TextField(forms.CharField):
    """One line, cleaned lightly (`l10n.text.clean_line`). 200 characters unless told."""

    def __init__(self, *, max_length: int | None = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, strip=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        return text.clean_line(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}


class LongTextField(TextField):
    """Several lines; the breaks are kept."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int | None = 5000, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> Any:
        return text.clean(forms.CharField.to_python(self, value) or "")


class EmailField(forms.EmailField):
    """Persian digits are read; the address is stored in lower case, as people never mean two by it."""

    def to_python(self, value: Any) -> Any:
        return text.digits_to_ascii(text.clean_line(super().to_python(value) or "")).lower()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "ltr", "autocomplete": "off"}


class PhoneField(forms.CharField):
    """E.164 ("+989121234567"), read with the tenant's country as default."""

    default_error_messages = {"invalid": gettext_lazy("This does not look like a phone number. Example: %(example)s")}

    def to_python(self, value: Any) -> Any:
        typed = text.digits_to_ascii(text.clean_line(super().to_python(value) or ""))
        if not typed:
            return ""
        try:
            parsed = phonenumbers.parse(typed, formats.home_region(current()))
        except phonenumbers.NumberParseException:
            raise self._invalid() from None
        if not phonenumbers.is_possible_number(parsed):
            raise self._invalid()
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    def _invalid(self) -> ValidationError:
        sample = phonenumbers.example_number(formats.home_region(current()))
        example = phonenumbers.format_number(sample, phonenumbers.PhoneNumberFormat.E164) if sample else "+…"
        params = {"example": formats.phone(example)}
        return ValidationError(self.error_messages["invalid"], code="invalid", params=params)

    def prepare_value(self, value: Any) -> Any:
        return formats.phone_text(value) if isinstance(value, str) and value.startswith("+") else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "ltr", "inputmode": "tel", "autocomplete": "off"}


# --- Numbers ------------------------------------------------------------------------------------------------------
class NumberField(forms.Field):
    """A Decimal; an int when `decimals` is 0. Reads «۱۲٬۳۴۵٫۵», "12k", «۱۲ میلیون»."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": gettext_lazy("This is not a number we can read. Example: %(example)s"),
        "whole": gettext_lazy("Please enter a whole number."),
        "too_big": gettext_lazy("This number is too large."),
    }

    def __init__(
        self, *, min_value: int | None = 0, max_value: int | None = None, decimals: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.decimals = decimals
        if min_value is not None:
            message = gettext_lazy("Please enter %(limit_value)s or more.")
            self.validators.append(_Least(min_value, message))
        if max_value is not None:
            message = gettext_lazy("Please enter %(limit_value)s or less.")
            self.validators.append(_Most(max_value, message))

    def to_python(self, value: Any) -> Decimal | int | None:
        if isinstance(value, int | Decimal):
            return value
        typed = str(value or "").strip()
        if not typed:
            return None
        number = self._rounded(self.read(typed))
        if abs(number) >= Decimal(10) ** 18:
            raise ValidationError(self.error_messages["too_big"], code="too_big")
        return int(number) if self.decimals == 0 else number

    def read(self, typed: str) -> Decimal:
        try:
            return parse_number(typed)
        except NumberNotUnderstood:
            raise self._not_understood() from None

    def example(self) -> str:
        return formats.num(Decimal("12.5") if self.decimals else 12)

    def _rounded(self, number: Decimal) -> Decimal:
        if self.decimals == 0 and number != number.to_integral_value():
            raise ValidationError(self.error_messages["whole"], code="whole")
        return number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP) if abs(number) < 10**20 else number

    def _not_understood(self) -> ValidationError:
        return ValidationError(self.error_messages["invalid"], code="invalid", params={"example": self.example()})

    def prepare_value(self, value: Any) -> Any:
        """Numbers are shown as they are written everywhere; what was typed wrongly comes back untouched."""
        return formats.num(value, self.decimals or 2) if isinstance(value, int | float | Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Never type=number: it drops Persian digits. "text" keeps the letters of «میلیون» within reach.
        return {**super().widget_attrs(widget), "dir": "auto", "inputmode": "decimal", "autocomplete": "off"}


class _Limit:
    """Limits are shown with the user's digits."""

    limit_value: Any

    def __call__(self, value: Any) -> None:
        if self.compare(value, self.limit_value):
            params = {"limit_value": formats.num(self.limit_value)}
            raise ValidationError(self.message, code=self.code, params=params)

    def compare(self, a: Any, b: Any) -> bool:
        raise NotImplementedError

    message: Any
    code: Any


class _Least(_Limit, MinValueValidator):
    def compare(self, a: Any, b: Any) -> bool:
        return bool(a < b)


class _Most(_Limit, MaxValueValidator):
    def compare(self, a: Any, b: Any) -> bool:
        return bool(a > b)


class MoneyInput(forms.TextInput):
    """The unit stands beside the input; `static/js/money.js` says the amount in words below it while it is typed."""

    template_name = "l10n/money_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "unit": formats.money_unit()}

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class MoneyField(NumberField):
    """Typed in the unit the tenant shows (toman, dollar), cleaned to the base unit (rial, dollar) as Decimal(…, 2)."""

    widget = MoneyInput
    default_error_messages = {
        "currency": gettext_lazy("Amounts here are in %(unit)s. Please enter this one in %(unit)s."),
        "invalid": gettext_lazy("This is not an amount we can read. Example: %(example)s"),
        "too_big": gettext_lazy("This amount is too large."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"decimals": 2, **kwargs})

    def read(self, typed: str) -> Decimal:
        try:
            return parse_money(typed, current())
        except OtherCurrency:
            params = {"unit": formats.money_unit()}
            raise ValidationError(self.error_messages["currency"], code="currency", params=params) from None
        except NumberNotUnderstood:
            raise self._not_understood() from None

    def example(self) -> str:
        return "۱۲ میلیون" if current().language == "fa" else "12,500"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int | float | Decimal):
            # Exact, so that saving a form again changes nothing: a rial is a ten-thousandth of a new rial.
            shown = formats.num(formats.in_display_unit(value, current()), EXACT_DECIMALS)
            # Three places after a point would be read as thousands, the way amounts of rials are typed.
            return shown + formats.digits(0) if THREE_PLACES.search(shown) else shown
        return value

    @property
    def unit(self) -> str:
        """What stands beside the input: «تومان», "$"."""
        return formats.money_unit()


# --- Dates --------------------------------------------------------------------------------------------------------
class DateInput(forms.TextInput):
    """A text input with a calendar button; `static/js/calendar.js` finds it by `data-date-input`."""

    template_name = "l10n/date_input.html"

    def __init__(self, prefer: Prefer = "future", attrs: Mapping[str, Any] | None = None) -> None:
        self.prefer = prefer
        super().__init__(dict(attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return formats.day_numeric(value) if isinstance(value, date) else value or None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "prefer": self.prefer, "iso": value.isoformat() if isinstance(value, date) else ""}

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        # By the project's template engine: the form renderer does not see templates/ and our builtin tags.
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class DateField(forms.Field):
    """A date typed as `l10n.dates.parse_day` reads it. `prefer="past"` for what has happened already.

    "Tomorrow" counts from `today`, by default the tenant's day of the request.
    """

    widget = DateInput

    def __init__(self, *, prefer: Prefer = "future", today: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateInput(prefer=prefer))
        super().__init__(**kwargs)
        self.prefer, self.today = prefer, today

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return formats.local(value)
        typed = str(value or "").strip()
        if not typed:
            return None
        today = self.today or current_day()
        try:
            return parse_day(typed, today=today, calendar=current().calendar, prefer=self.prefer)
        except DateNotUnderstood as error:
            raise ValidationError(date_error(error, today), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


def date_error(error: DateNotUnderstood, today: date) -> str:
    if error.no_such_day:
        return _("The calendar has no such day. Please check the date.")
    return _("We cannot read this date. Try for example %(example)s.") % {"example": date_example(today)}


def date_example(today: date) -> str:
    """Three ways of typing the same near day, in the user's calendar."""
    formats_now = current()
    sample = calendars.month_bounds(today)[1]
    words = "«فردا»، «سه‌شنبه»" if formats_now.language == "fa" else '"tomorrow", "next tue"'
    joiner = "، " if formats_now.language == "fa" else ", "
    return f"{formats.day_numeric(sample)}{joiner}{words}"
