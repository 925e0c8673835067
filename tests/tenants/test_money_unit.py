"""The unit in which amounts are shown and typed, and its change on a day that is planned ahead."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from l10n import formats
from l10n.current import using
from members.models import Role, User
from tenants import clock
from tenants.models import Tenant
from tests.cast import NOW, ClientOf, join
from tests.factories.crm import make_opportunity

pytestmark = pytest.mark.django_db
FORM = {
    "name": "آکمه", "language": "fa", "calendar": "jalali", "timezone": "Asia/Tehran", "money_unit": "toman",
    "week_start": "5", "weekend": ["3", "4"], "objective_cap": "4", "visibility": "all",
}  # fmt: skip


def test_the_latest_unit_that_has_begun_holds() -> None:
    firm = Tenant(money_unit="rial", money_unit_from={"2026-11-22": "toman", "2027-03-21": "newrial"})
    days = (date(2026, 11, 21), date(2026, 11, 22), date(2027, 3, 20), date(2027, 3, 21), date(2030, 1, 1))
    assert [firm.money_unit_on(day) for day in days] == ["rial", "toman", "toman", "newrial", "newrial"]


def test_an_admin_plans_the_change_and_the_day_makes_it(
    client_of: ClientOf, admin: User, acme: Tenant, django_capture_on_commit_callbacks
) -> None:
    deal = make_opportunity(amount=Decimal(125_000_000))
    planned = {**FORM, "next_unit": "newrial", "next_unit_on": "1405/09/01"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(admin).post("/settings/workspace/", planned).status_code == 302
    acme.refresh_from_db()
    assert (acme.money_unit, acme.money_unit_from) == ("toman", {"2026-11-22": "newrial"})
    page = client_of(admin).get("/settings/workspace/").text
    assert 'value="۱۴۰۵/۰۹/۰۱"' in page

    with using(acme.formats()):
        assert formats.money(deal.amount) == "۱۲٬۵۰۰٬۰۰۰ تومان"
    with clock.stopped_at(NOW + timedelta(1)), using(acme.formats()):
        assert formats.money(deal.amount) == "۱۲٬۵۰۰ ریال جدید"
        assert formats.money_words(deal.amount) == "دوازده هزار و پانصد ریال جدید"
    with clock.stopped_at(NOW + timedelta(1)):
        edit = client_of(admin).get(f"/deals/{deal.pk}/edit/").text
        assert 'value="۱۲٬۵۰۰"' in edit
        assert ">ریال جدید</span>" in edit
    deal.refresh_from_db()
    assert deal.amount == Decimal(125_000_000)


def test_what_is_chosen_now_ends_a_change_that_has_begun(client_of: ClientOf, admin: User, acme: Tenant) -> None:
    Tenant.objects.filter(pk=acme.pk).update(money_unit_from={"2026-11-01": "newrial"})
    acme.refresh_from_db()
    client_of(admin).post("/settings/workspace/", FORM)
    acme.refresh_from_db()
    assert acme.money_unit_on(date(2026, 11, 21)) == "toman"


@pytest.mark.parametrize(
    "wrong",
    [{"next_unit": "newrial"}, {"next_unit_on": "1405/09/01"}, {"next_unit": "newrial", "next_unit_on": "1405/08/30"}],
)
def test_half_a_plan_or_one_of_today_is_refused(client_of: ClientOf, admin: User, wrong: dict[str, str]) -> None:
    assert client_of(admin).post("/settings/workspace/", {**FORM, **wrong}).status_code == 422


def test_a_firm_of_another_currency_has_no_unit_to_choose(globex: Tenant, client_of: ClientOf) -> None:
    boss = join(globex, "boss@globex.example", "Boss", Role.ADMIN)
    page = client_of(boss).get("/settings/workspace/").text
    assert 'name="visibility"' in page
    assert 'name="money_unit"' not in page
    assert 'name="next_unit"' not in page
