from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from crm.models import Customer, Interaction, Lead, NextStep
from members.models import User
from tests.cast import NOW, ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_customer, make_lead, make_next_step, make_opportunity, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
LOG = "/log/"
TEHRAN = ZoneInfo("Asia/Tehran")


def typed(**more: str) -> dict[str, str]:
    return {"who_text": "کاوه", "who": "", "kind": "call", "sentence": "قیمت خواستند", "next_step": "", **more}


def test_today_shows_ones_steps_of_seven_days_and_the_leads_that_wait(
    sara: User, reza: User, client_of: ClientOf
) -> None:
    for days, what in ((-2, "دیروزی"), (0, "امروزی"), (6, "آخر هفته"), (7, "هفتهٔ بعد")):
        make_next_step(sara, due_in=days, what=what)
    make_next_step(reza, what="مال رضا")
    make_lead("سرنخ بی‌مالک", captured_at=NOW - timedelta(minutes=18))
    make_lead("سرنخ رضا", owner=reza)
    page = client_of(sara).get("/").content.decode()
    assert [what in page for what in ("دیروزی", "امروزی", "آخر هفته", "هفتهٔ بعد", "مال رضا")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert "۲ روز دیر" in page
    assert ("سرنخ بی‌مالک" in page, "سرنخ رضا" in page, "۱۸ دقیقه" in page) == (True, False, True)


def test_a_long_list_is_cut_and_says_so(sara: User, client_of: ClientOf) -> None:
    for number in range(14):
        make_next_step(sara, due_in=-1, what=f"گام شمارهٔ {number:02}")
    client = client_of(sara)
    assert client.get("/").content.decode().count("گام شمارهٔ") == 2 * 12
    assert client.get("/?all").content.decode().count("گام شمارهٔ") == 2 * 14


def test_an_executive_reads_and_logs_nothing(leila: User, client_of: ClientOf) -> None:
    client = client_of(leila)
    assert 'id="quick-log"' not in client.get("/").content.decode()
    assert client.post(LOG, typed()).status_code == 403
    assert client.get("/pick/?q=x").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_today(
    rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    for _row in range(rows):
        make_next_step(sara, opportunity=make_opportunity(owner=sara))
        make_next_step(sara, due_in=-1)
        make_lead(owner=sara)
    assert queries_of(client_of(sara), "/") == 5


def test_quick_log_from_today_gives_the_empty_form_back(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", customer=make_customer("کاوه"))
    posted = typed(who=f"deal:{deal.pk}", next_step="سه‌شنبه، ارسال پیش‌فاکتور")
    response = client_of(sara).post(LOG, posted, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert response["HX-Trigger"] == "record-changed"
    assert ("قیمت خواستند" in page, "autofocus" in page) == (False, True)
    assert "برای خط ثبت شد. گام بعدی: ارسال پیش‌فاکتور، ۳ آذر" in page
    interaction, step = Interaction.objects.get(), NextStep.objects.get()
    assert (interaction.by, interaction.opportunity, interaction.sentence) == (sara, deal, "قیمت خواستند")
    assert (step.what, step.due_on, step.owner) == ("ارسال پیش‌فاکتور", date(2026, 11, 24), sara)


def test_the_same_post_works_without_javascript(sara: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه")
    response = client_of(sara).post(LOG, typed(who_text="كاوه"))
    assert (response.status_code, response["Location"]) == (303, "/")
    assert Interaction.objects.get().customer == customer


def test_from_a_records_page_it_goes_back_there(sara: User, client_of: ClientOf) -> None:
    lead = make_lead()
    posted = {**typed(who=f"lead:{lead.pk}", who_text=""), "fixed": "1", "back": lead.get_absolute_url()}
    response = client_of(sara).post(LOG, posted, headers=HTMX)
    assert response["HX-Redirect"] == lead.get_absolute_url()
    assert Interaction.objects.get().lead == lead
    posted["sentence"] = ""
    for headers in ({}, HTMX):
        response = client_of(sara).post(LOG, posted, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert f'name="who" value="lead:{lead.pk}"' in page


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_never_goes_to_another_site(back: str, sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    assert client_of(sara).post(LOG, {**typed(), "back": back})["Location"] == "/"


def test_a_name_without_match_is_offered_as_new_and_nothing_is_lost(sara: User, client_of: ClientOf) -> None:
    make_customer("صنایع کاوه")
    response = client_of(sara).post(LOG, typed(), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert ("کاوه" in page, "قیمت خواستند" in page) == (True, True)
    assert [f'name="who" value="{ref}"' in page for ref in ("new:customer", "new:lead")] == [True, True]
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(("ref", "model"), [("new:lead", Lead), ("new:customer", Customer)])
def test_a_new_record_is_made_in_the_same_post(
    ref: str, model: type[Lead | Customer], sara: User, client_of: ClientOf
) -> None:
    response = client_of(sara).post(LOG, typed(who=ref), headers=HTMX)
    assert response.status_code == 200
    made = model.objects.get()
    assert (made.name, made.owner) == ("کاوه", sara)
    assert isinstance(made, Customer) or made.status == "contacted"


def test_a_step_without_a_day_comes_back_with_the_next_working_day(sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    client = client_of(sara)
    page = client.post(LOG, typed(next_step="ارسال نمونه"), headers=HTMX)
    assert page.status_code == 422
    assert 'value="۱۴۰۵/۰۹/۰۱"' in page.content.decode()
    again = client.post(LOG, typed(next_step="ارسال نمونه", next_on="۱۴۰۵/۰۹/۰۱"), headers=HTMX)
    assert again.status_code == 200
    step = NextStep.objects.get()
    assert (step.what, step.due_on) == ("ارسال نمونه", date(2026, 11, 22))


@pytest.mark.parametrize(("field", "value"), [("sentence", ""), ("kind", "dance"), ("next_on", "هرگز")])
def test_wrong_fields_are_422_with_everything_typed(field: str, value: str, sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    response = client_of(sara).post(LOG, typed(next_step="زنگ", **{field: value}))
    assert response.status_code == 422
    assert 'value="کاوه"' in response.content.decode()
    assert not Interaction.objects.exists()


def test_a_log_is_a_post(sara: User, client_of: ClientOf) -> None:
    assert client_of(sara).get(LOG).status_code == 405


def test_pick_answers_list_items(sara: User, client_of: ClientOf) -> None:
    customer = make_customer("صنایع <b>کاوه</b>")
    make_lead("کاوه")
    page = client_of(sara).get(reverse("crm:pick"), {"q": "کاوه", "kinds": "customer"}).content.decode()
    assert f'data-value="customer:{customer.pk}" data-text="صنایع &lt;b&gt;کاوه&lt;/b&gt;"' in page
    assert ("new:customer" in page, "new:lead" in page, "lead:" in page) == (True, False, False)


def test_the_first_page_of_a_new_firm_says_what_to_do(sara: User, client_of: ClientOf) -> None:
    make_stages()
    assert "تا یک هفته کاری نیست" in client_of(sara).get("/").content.decode()


def test_what_happened_earlier_is_logged_on_its_day_and_when_it_was_written_stays(
    sara: User, client_of: ClientOf
) -> None:
    make_customer("کاوه")
    client_of(sara).post(LOG, typed(happened_on="دیروز"), headers=HTMX)
    one = Interaction.objects.get()
    assert one.happened_at.astimezone(TEHRAN).isoformat() == "2026-11-20T12:00:00+03:30"
    assert one.logged_at == NOW
    client_of(sara).post(LOG, typed(happened_on="امروز"), headers=HTMX)
    assert Interaction.objects.latest("pk").happened_at == NOW


def test_what_has_not_come_yet_is_no_interaction(sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    page = client_of(sara).post(LOG, typed(happened_on="1405/09/05"), headers=HTMX)
    assert page.status_code == 422
    assert "<details open>" in page.text
    assert not Interaction.objects.exists()


def test_clocks_show_their_time_left_and_a_manager_sees_the_late_ones_of_others(
    sara: User, nader: User, client_of: ClientOf
) -> None:
    make_lead("بی‌مالک", respond_by=NOW + timedelta(minutes=20))
    make_lead("دیر", owner=sara, respond_by=NOW - timedelta(minutes=90), escalated_at=NOW)
    make_lead("تازه دیر", owner=sara, respond_by=NOW - timedelta(minutes=1))
    mine = client_of(sara).get("/").context["screen"]
    assert [(row.lead.name, row.left) for row in mine.leads] == [("دیر", -90), ("تازه دیر", -1), ("بی‌مالک", 20)]
    assert mine.late == []
    theirs = client_of(nader).get("/").context["screen"]
    assert [row.lead.name for row in theirs.leads] == ["بی‌مالک"]
    assert ([row.lead.name for row in theirs.late], theirs.late_count) == (["دیر"], 1)
