"""The page of hours and days off."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from l10n.forms import DateField
from members.models import User
from tenants.models import Tenant
from tenants.services import working_time as services
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
HOURS = "/settings/hours/"


def firm() -> Tenant:
    tenant: Tenant = Tenant.objects.get(schema_name="acme")
    return tenant


def test_hours_are_changed(client_of: ClientOf, admin: User) -> None:
    answer = client_of(admin).post(HOURS, {"opens_at": "08:00", "closes_at": "16:30"})
    assert (answer.status_code, answer["Location"]) == (302, HOURS)
    assert (firm().opens_at, firm().closes_at) == (time(8), time(16, 30))


@pytest.mark.parametrize("closes", ["09:00", "08:30", "25:00", ""])
def test_wrong_hours_come_back_with_what_was_chosen(client_of: ClientOf, admin: User, closes: str) -> None:
    answer = client_of(admin).post(HOURS, {"opens_at": "09:00", "closes_at": closes})
    assert answer.status_code == 422
    assert answer.context["hours"]["opens_at"].value() == "09:00"
    assert firm().closes_at == time(17)


def test_a_day_off_is_added_read_in_persian_and_taken_out(
    client_of: ClientOf, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(admin)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{HOURS}days/", {"day": "۱۴۰۵/۰۹/۰۲", "name": "مرخصی همگانی"})
    assert firm().holidays == {"2026-11-23": "مرخصی همگانی"}
    page = client.get(HOURS).text
    assert "دوشنبه ۲ آذر ۱۴۰۵" in page
    client.post(f"{HOURS}days/remove/", {"day": "2026-11-23"})
    assert firm().holidays == {}


def test_a_day_that_cannot_be_read_is_422_with_everything_typed(client_of: ClientOf, admin: User) -> None:
    answer = client_of(admin).post(f"{HOURS}days/", {"day": "هرگز", "name": "مرخصی"})
    assert answer.status_code == 422
    assert 'value="مرخصی"' in answer.text
    assert client_of(admin).post(f"{HOURS}days/remove/", {"day": "never"}).status_code == 422


def test_the_official_days_of_a_jalali_year_are_taken(client_of: ClientOf, admin: User) -> None:
    services.add_holiday(tenant=firm(), day=date(2026, 4, 2), name="روز خودمان")
    client_of(admin).post(f"{HOURS}days/official/", {"country": "IR", "year": "1405"})
    days = firm().holidays
    assert (min(days), max(days) <= "2027-03-20") == ("2026-03-21", True)
    assert days["2026-04-02"] == "روز خودمان"
    assert days["2026-04-01"] == "روز جمهوری اسلامی"
    assert days["2027-02-11"] == "پیروزی انقلاب اسلامی"
    assert services.take_official(tenant=firm(), country="IR", first=date(2026, 3, 21), last=date(2027, 3, 20)) == 0


@pytest.mark.parametrize("form", [{"country": "XX", "year": "1405"}, {"country": "IR", "year": "1350"}])
def test_another_country_or_year_is_refused(client_of: ClientOf, admin: User, form: dict[str, str]) -> None:
    assert client_of(admin).post(f"{HOURS}days/official/", form).status_code == 422
    assert firm().holidays == {}


def test_two_admins_add_a_day_each_and_none_is_lost(acme: Tenant) -> None:
    mine, hers = firm(), firm()
    services.add_holiday(tenant=mine, day=date(2026, 12, 1), name="یک")
    services.add_holiday(tenant=hers, day=date(2026, 12, 2), name="دو")
    assert firm().holidays == {"2026-12-01": "یک", "2026-12-02": "دو"}


def test_the_number_of_days_has_an_end(client_of: ClientOf, admin: User) -> None:
    many = {(date(2001, 1, 1) + timedelta(day)).isoformat(): "x" for day in range(services.MOST_HOLIDAYS)}
    Tenant.objects.filter(schema_name="acme").update(holidays=many)
    assert len(firm().holidays) == services.MOST_HOLIDAYS
    answer = client_of(admin).post(f"{HOURS}days/", {"day": "2026-12-01", "name": "یک"})
    assert answer.status_code == 422
    assert len(firm().holidays) == services.MOST_HOLIDAYS


def test_the_other_firm_keeps_its_own(acme: Tenant, globex: Tenant) -> None:
    services.add_holiday(tenant=acme, day=DateField().clean("2026-12-01"), name="یک")
    globex.refresh_from_db()
    assert globex.holidays == {}
