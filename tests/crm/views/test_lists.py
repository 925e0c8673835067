"""What stands over the lists: filters, columns, saved views, and the list as a file."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from crm.models import Entity, ListLayout, SavedView
from members.models import User
from tenants.models import Tenant, Visibility
from tests.cast import NOW, ClientOf, FirmClient
from tests.crm.lists.test_filters import own_field
from tests.crm.views.conftest import HTMX
from tests.factories.crm import TODAY, make_customer, make_lead, make_opportunity, make_stages

pytestmark = pytest.mark.django_db


def shown(client: FirmClient, url: str) -> Any:
    return client.get(url).context["list"]


def names(client: FirmClient, url: str) -> list[str]:
    return [str(row) for row in shown(client, url).page.object_list]


def downloaded(client: FirmClient, url: str) -> bytes:
    response: Any = client.get(url)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(client: FirmClient, url: str) -> list[list[str]]:
    content = downloaded(client, url).decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:])))


# --- Pages --------------------------------------------------------------------------------------------------------
def test_one_goes_on_and_back(nader: User, client_of: ClientOf) -> None:
    for number in range(60):
        make_lead(f"{number:02}", captured_at=NOW)
    client = client_of(nader)
    first = shown(client, "/leads/?owner=all")
    second = shown(client, f"/leads/{first.next_url}")
    third = shown(client, f"/leads/{second.next_url}")
    assert [len(page.lines) for page in (first, second, third)] == [25, 25, 10]
    assert (first.previous_url, third.next_url) == ("", "")
    assert shown(client, f"/leads/{second.previous_url}").page.object_list == first.page.object_list
    assert first.total.text == "۶۰ مورد"


def test_above_a_thousand_is_counted_on_demand(nader: User, client_of: ClientOf, monkeypatch: Any) -> None:
    monkeypatch.setattr("crm.screens.lists.COUNTED", 3)
    for number in range(5):
        make_lead(f"{number}")
    client = client_of(nader)
    total = shown(client, "/leads/?owner=all").total
    assert total.text == "بیش از ۳ مورد"
    assert shown(client, f"/leads/{total.exact_url}").total.text == "۵ مورد"


@pytest.mark.parametrize("url", ["/leads/", "/customers/", "/deals/"])
def test_a_head_turns_its_order_round(url: str, nader: User, client_of: ClientOf) -> None:
    make_lead("ب"), make_lead("آ")
    make_customer("ب"), make_customer("آ")
    make_opportunity("ب", customer=None), make_opportunity("آ", customer=None)
    client = client_of(nader)
    sort = "title" if "deals" in url else "name"
    up = shown(client, f"{url}?sort={sort}")
    assert [str(row) for row in up.page.object_list] == ["آ", "ب"]
    assert (up.heads[0].sorted, up.heads[0].url) == ("ascending", f"?sort=-{sort}")
    down = shown(client, f"{url}?sort=-{sort}")
    assert [str(row) for row in down.page.object_list] == ["ب", "آ"]
    assert (down.heads[0].sorted, down.heads[0].url) == ("descending", f"?sort={sort}")


def test_own_only_holds_in_lists_files_and_open_deals(
    acme: Tenant, sara: User, reza: User, client_of: ClientOf
) -> None:
    Tenant.objects.filter(pk=acme.pk).update(visibility=Visibility.OWN)
    shared = make_customer("کاوه", owner=sara)
    make_opportunity("مال من", owner=sara, customer=shared)
    make_opportunity("مال رضا", owner=reza, customer=shared)
    client = client_of(sara)
    assert names(client, "/deals/?owner=all") == ["مال من"]
    assert [row[0] for row in table(client, "/lists/deals/csv/?owner=all")[1:]] == ["مال من"]
    assert shown(client, "/customers/").page.object_list[0].open_deals == 1


# --- Filters ------------------------------------------------------------------------------------------------------
def test_chips_say_what_holds_and_what_was_typed_wrongly(nader: User, client_of: ClientOf) -> None:
    first = make_stages()[0]
    make_opportunity("الف", stage=first)
    found = shown(client_of(nader), f"/deals/?stage={first.pk}&amount.from=many&q=الف")
    assert [(chip.name, bool(chip.error)) for chip in found.chips] == [("stage", False), ("amount", True)]
    assert found.chips[0].text == f"مرحله: {first.name}"
    assert QueryDict(found.chips[0].without[1:]).dict() == {"amount.from": "many", "q": "الف"}
    assert [line.title for line in found.lines] == ["الف"]


def test_the_form_leads_to_a_clean_address_and_keeps_the_rest(nader: User, client_of: ClientOf) -> None:
    first = make_stages()[0]
    client = client_of(nader)
    form = client.get("/lists/deals/filter/?q=خط&sort=amount&owner=mine&after=xyz")
    assert ("q", "خط") in form.context["form"].carried()
    query = f"apply=1&tab=mine&q=خط&sort=amount&stage={first.pk}&amount.from=&amount.to=5&expected_close.in="
    to = client.get(f"/lists/deals/filter/?{query}")
    kept = QueryDict(to["Location"].partition("?")[2])
    assert (to.status_code, kept.dict()) == (
        303, {"q": "خط", "sort": "amount", "owner": "mine", "stage": str(first.pk), "amount.to": "5"},
    )  # fmt: skip


def test_a_bad_value_in_the_form_is_422(nader: User, client_of: ClientOf) -> None:
    response = client_of(nader).get("/lists/deals/filter/?apply=1&amount.from=many", headers=HTMX)
    assert (response.status_code, "many" in response.content.decode()) == (422, True)
    assert "<html" not in response.content.decode()


# --- Columns ------------------------------------------------------------------------------------------------------
def test_columns_are_ones_own_and_know_own_fields(admin: User, nader: User, client_of: ClientOf) -> None:
    own_field(admin, Entity.CUSTOMER, "size", "choice", choices=["کوچک", "بزرگ"])
    make_customer("کاوه", city="تهران", custom={"size": "بزرگ"})
    client = client_of(nader)
    posted = {"column": ["city", "custom.size", "nonsense"], "order": ["custom.size", "city"], "query": "owner=all"}
    done = client.post("/lists/customers/columns/", posted)
    assert (done.status_code, done["Location"]) == (303, "/customers/?owner=all")
    assert ListLayout.objects.get().columns == ["name", "custom.size", "city"]
    assert [head.label for head in shown(client, "/customers/").heads] == ["مشتری", "size", "شهر"]
    assert "<bdi>بزرگ</bdi>" in shown(client, "/customers/").lines[0].cells
    assert len(shown(client_of(admin), "/customers/").heads) == 4
    client.post("/lists/customers/columns/", {"usual": "1"})
    assert ListLayout.objects.count() == 0


def test_buttons_move_a_column_without_script(nader: User, client_of: ClientOf) -> None:
    posted = {"column": ["status", "source"], "order": ["status", "source"], "move": "down:status"}
    answer = client_of(nader).post("/lists/leads/columns/", posted)
    choices = answer.context["arrangement"].choices
    assert [(choice.name, choice.ticked) for choice in choices[:2]] == [("source", True), ("status", True)]
    assert ListLayout.objects.count() == 0


def test_what_users_typed_is_escaped(nader: User, client_of: ClientOf) -> None:
    make_lead("<script>x</script>", company='"><b>', source="<i>")
    page = client_of(nader).get("/leads/?owner=all").content.decode()
    assert ("<script>x" in page, "<i>" in page, "<b>" in page) == (False, False, False)


# --- Saved views --------------------------------------------------------------------------------------------------
def test_a_view_is_saved_found_changed_and_deleted(sara: User, reza: User, client_of: ClientOf) -> None:
    make_lead("سایتی", source="سایت", owner=sara)
    make_lead("دیگری", owner=sara)
    client = client_of(sara)
    saved = client.post("/lists/leads/views/new/", {"name": "از سایت", "query": "source=سایت&after=x", "shared": "on"})
    view = SavedView.objects.get()
    assert (view.name, QueryDict(view.query).dict(), view.shared) == ("از سایت", {"source": "سایت"}, False)
    assert names(client, saved["Location"]) == ["سایتی"]
    found = shown(client, saved["Location"])
    assert [(tab.name, tab.current) for tab in found.views] == [("از سایت", True)]
    assert (found.view_changed, shown(client, f"{saved['Location']}&sort=name").view_changed) == (False, True)
    client.post(f"/views/{view.pk}/update/", {"query": f"source=سایت&sort=name&view={view.pk}"})
    assert QueryDict(SavedView.objects.get().query).dict() == {"source": "سایت", "sort": "name"}
    assert shown(client_of(reza), "/leads/").views == []
    assert client_of(reza).post(f"/views/{view.pk}/delete/").status_code == 404
    client.post(f"/views/{view.pk}/edit/", {"name": "سایت"})
    assert SavedView.objects.get().name == "سایت"
    client.post(f"/views/{view.pk}/delete/")
    assert SavedView.objects.count() == 0


def test_a_manager_shares_with_all_who_may_not_change_it(sara: User, nader: User, client_of: ClientOf) -> None:
    client_of(nader).post("/lists/deals/views/new/", {"name": "بزرگ‌ها", "query": "amount.from=5", "shared": "on"})
    view = SavedView.objects.get()
    assert [tab.name for tab in shown(client_of(sara), "/deals/").views] == ["بزرگ‌ها"]
    assert client_of(sara).post(f"/views/{view.pk}/delete/").status_code == 403


def test_a_name_is_taken_once(sara: User, client_of: ClientOf) -> None:
    client = client_of(sara)
    for _time in range(2):
        answer = client.post("/lists/leads/views/new/", {"name": "یکی", "query": "q=x"})
    assert (answer.status_code, SavedView.objects.count()) == (422, 1)
    assert client.post("/lists/leads/views/new/", {"name": "دراز", "query": "q=" + "x" * 1000}).status_code == 422


# --- Files --------------------------------------------------------------------------------------------------------
def test_csv_holds_what_is_shown_for_machines(admin: User, nader: User, client_of: ClientOf) -> None:
    own_field(admin, Entity.OPPORTUNITY, "seats", "number")
    make_opportunity(
        "=cmd()", amount=Decimal("12.50"), expected_close=date(2026, 11, 21), custom={"seats": "9.5"}, owner=nader
    )
    make_opportunity("دو", customer=None)
    rows = table(
        client_of(nader), "/lists/deals/csv/?columns=title,amount,expected_close,owner,custom.seats&sort=title"
    )
    assert rows == [
        ["فرصت", "مبلغ", "تاریخ بستن", "مالک", "seats"],
        ["'=cmd()", "12.50", "2026-11-21", "نادر احمدی", "9.5"],
        ["دو", "", "", "", ""],
    ]


def test_csv_follows_filters_and_order_and_keeps_phones(nader: User, client_of: ClientOf) -> None:
    make_customer("ب", phone="+989121234567", city="تهران")
    make_customer("آ", phone="+989121111111", city="تهران")
    make_customer("پ", city="کرج")
    rows = table(client_of(nader), "/lists/customers/csv/?columns=name,phone&city=تهران")
    assert rows[1:] == [["آ", "+989121111111"], ["ب", "+989121234567"]]


def test_xlsx_holds_real_dates_and_numbers(nader: User, client_of: ClientOf) -> None:
    make_opportunity("یک", amount=Decimal(1500), expected_close=TODAY, customer=None)
    make_opportunity("+دو", amount=None, expected_close=None, customer=None)
    content = downloaded(client_of(nader), "/lists/deals/xlsx/?columns=title,amount,expected_close&sort=amount")
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert list(sheet.iter_rows(values_only=True)) == [
        ("فرصت", "مبلغ", "تاریخ بستن"),
        ("یک", 1500, datetime(2026, 11, 21)),
        ("'+دو", None, None),
    ]
    assert sheet.sheet_view.rightToLeft is True


# --- Costs --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_with_everything_on(
    rows: int, admin: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    own_field(admin, Entity.OPPORTUNITY, "size", "choice", choices=["کوچک", "بزرگ"])
    stage = make_stages()[0]
    for _row in range(rows):
        make_opportunity(stage=stage, custom={"size": "بزرگ"}, amount=Decimal(5), owner=admin)
    url = (
        f"/deals/?stage={stage.pk}&custom.size=بزرگ&owner={admin.pk}&columns=title,customer,stage,owner,next_step,quiet"
    )
    assert queries_of(client_of(admin), url) == 7


@pytest.mark.parametrize("kind", ["nonsense", "cases"])
def test_there_are_three_lists(kind: str, nader: User, client_of: ClientOf) -> None:
    assert client_of(nader).get(f"/lists/{kind}/filter/").status_code == 404
