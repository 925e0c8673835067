from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from l10n import forms as l10n_forms
from l10n.current import PERSIAN, Formats, using

pytestmark = pytest.mark.urls("tests.l10n.urls")
TODAY = date(2026, 11, 21)


class Sheet(forms.Form):
    name = l10n_forms.TextField()
    note = l10n_forms.LongTextField(required=False)
    due = l10n_forms.DateField(today=TODAY, required=False)
    happened = l10n_forms.DateField(today=TODAY, prefer="past", required=False)
    amount = l10n_forms.MoneyField(required=False)
    count = l10n_forms.NumberField(required=False, max_value=100)
    rate = l10n_forms.NumberField(required=False, decimals=2)
    phone = l10n_forms.PhoneField(required=False)
    email = l10n_forms.EmailField(required=False)


@pytest.fixture
def fa():
    with using(PERSIAN), translation.override("fa"):
        yield


@pytest.fixture
def en():
    with using(Formats()), translation.override("en"):
        yield


def cleaned(**typed):
    form = Sheet({"name": "x", **typed})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def error(field, typed):
    form = Sheet({"name": "x", field: typed})
    assert list(form.errors) == [field]
    return form.errors[field][0]


def test_text_is_cleaned_lightly(fa):
    data = cleaned(name="  علي \u200c رضا ", note="  يك\r\nدو ")
    assert (data["name"], data["note"]) == ("علی رضا", "یک\nدو")


def test_text_of_only_invisible_letters_is_empty(fa):
    assert "name" in Sheet({"name": " \u200b\u200c\u0640"}).errors


def test_dates_are_read_from_the_given_today(fa):
    data = cleaned(due="فردا", happened="سه‌شنبه")
    assert (data["due"], data["happened"]) == (date(2026, 11, 22), date(2026, 11, 17))


def test_a_wrong_date_is_told_with_an_example(fa, en):
    with using(PERSIAN), translation.override("fa"):
        assert error("due", "abc") == "این تاریخ را نشناختیم. مثلاً بنویسید ۱۴۰۵/۰۸/۳۰، «فردا»، «سه‌شنبه»."
        assert error("due", "۳۰ اسفند ۱۴۰۵") == "چنین روزی در تقویم نیست. تاریخ را دوباره ببینید."
    assert error("due", "abc") == 'We cannot read this date. Try for example 2026-11-30, "tomorrow", "next tue".'


def test_what_was_typed_wrongly_comes_back_untouched(fa):
    form = Sheet({"name": "x", "due": "۳۲ آذر", "amount": "ده تومن", "phone": "<12>"})
    assert not form.is_valid()
    assert 'value="۳۲ آذر"' in str(form["due"])
    assert 'value="ده تومن"' in str(form["amount"])
    assert 'value="&lt;12&gt;"' in str(form["phone"])


def test_stored_values_are_shown_as_they_are_typed(fa):
    form = Sheet(initial={"due": TODAY, "amount": Decimal("123450.00"), "phone": "+989121234567", "count": 12})
    assert 'value="۱۴۰۵/۰۸/۳۰"' in str(form["due"])
    assert 'data-iso="2026-11-21"' in str(form["due"])
    assert 'value="۱۲٬۳۴۵"' in str(form["amount"])
    assert 'value="۰۹۱۲ ۱۲۳ ۴۵۶۷"' in str(form["phone"])
    assert 'value="۱۲"' in str(form["count"])


def test_a_form_sent_back_as_shown_has_not_changed(fa):
    initial = {"name": "x", "due": TODAY, "amount": Decimal("123450.00"), "phone": "+989121234567", "count": 12}
    typed = {"name": "x", "due": "۱۴۰۵/۰۸/۳۰", "amount": "۱۲٬۳۴۵", "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "count": "۱۲"}
    assert Sheet(typed, initial=initial).changed_data == []
    assert Sheet({**typed, "amount": "۱۲٬۳۴۶"}, initial=initial).changed_data == ["amount"]


def test_money_is_cleaned_to_the_base_unit(fa):
    assert cleaned(amount="۱۲ میلیون")["amount"] == Decimal("120000000.00")
    assert cleaned(amount="۱۲ میلیون ریال")["amount"] == Decimal("12000000.00")
    assert cleaned(amount="")["amount"] is None


def test_money_errors(fa):
    assert error("amount", "گران") == "این مبلغ را نشناختیم. نمونه: ۱۲ میلیون"
    assert error("amount", "$5") == "مبلغ‌ها اینجا به تومان است. این را هم به تومان بنویسید."
    assert error("amount", "-5") == "۰ یا بیشتر بنویسید."
    assert error("amount", "9" * 30) == "این مبلغ بیش از اندازه بزرگ است."
    assert error("amount", "999999999 میلیارد") == "این مبلغ بیش از اندازه بزرگ است."


def test_money_in_english(en):
    assert cleaned(amount="$1.2m")["amount"] == Decimal("1200000.00")
    assert error("amount", "dear") == "This is not an amount we can read. Example: 12,500"


def test_numbers(fa):
    assert cleaned(count="۱۲", rate="۱۲٫۳۴۵") | {} == {**cleaned(count="12", rate="12.345")}
    assert cleaned(count="۱۲")["count"] == 12
    assert cleaned(rate="۱۲٫۳۴۵")["rate"] == Decimal("12.35")
    assert error("count", "۱٫۵") == "یک عدد بدون اعشار بنویسید."
    assert error("count", "۱۰۱") == "۱۰۰ یا کمتر بنویسید."
    assert error("count", "خیلی") == "این عدد را نشناختیم. نمونه: ۱۲"


@pytest.mark.parametrize(
    "typed", ["۰۹۱۲۱۲۳۴۵۶۷", "٠٩١٢١٢٣٤٥٦٧", "0912 123 4567", "00989121234567", "+98 912 123 4567", "9121234567"]
)
def test_phones_become_e164(fa, typed):
    assert cleaned(phone=typed)["phone"] == "+989121234567"


def test_phones_of_another_country_and_wrong_ones(fa):
    assert cleaned(phone="+1 212 555 0123")["phone"] == "+12125550123"
    assert error("phone", "12") == "این شبیه شمارهٔ تلفن نیست. نمونه: \u2066۰۲۱ ۲۳۴۵ ۶۷۸۹\u2069"
    assert error("phone", "ندارد").startswith("این شبیه شمارهٔ تلفن نیست.")


def test_phones_are_read_with_the_country_of_the_tenant(en):
    assert cleaned(phone="(212) 555-0123")["phone"] == "+12125550123"


def test_email_is_one_spelling(fa):
    assert cleaned(email=" Sara@Alborz.Example\u200f ")["email"] == "sara@alborz.example"
    assert error("email", "sara@") == "این نشانی ایمیل درست نیست."


def test_no_input_that_drops_persian_digits(fa):
    html = str(Sheet())
    assert 'type="number"' not in html
    assert 'type="date"' not in html
    assert html.count('type="text"') == 7
