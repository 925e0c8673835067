from datetime import date

import pytest

from crm.models import NextStep
from crm.services import next_step as services
from members.models import User
from tests.cast import ClientOf
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_customer, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [make_opportunity, make_customer, make_lead])
def test_new_for_each_kind_of_record(make: type, sara: User, client_of: ClientOf) -> None:
    record = make()
    ref = {"Opportunity": "deal", "Customer": "customer", "Lead": "lead"}[type(record).__name__] + f":{record.pk}"
    client = client_of(sara)
    assert ref in client.get(f"/steps/new/?about={ref}").content.decode()
    assert client.post("/steps/new/", {"about": ref, "next_step": ""}).status_code == 422
    response = client.post("/steps/new/", {"about": ref, "next_step": "فردا زنگ"})
    assert response["Location"] == record.get_absolute_url()
    step = NextStep.objects.get()
    assert (step.what, step.due_on, step.owner) == ("زنگ", date(2026, 11, 22), sara)
    assert record in (step.opportunity, step.customer, step.lead)


@pytest.mark.parametrize("ref", ["", "deal:999999", "new:lead", "user:1"])
def test_new_for_nothing_is_404(ref: str, sara: User, client_of: ClientOf) -> None:
    assert client_of(sara).post("/steps/new/", {"about": ref, "next_step": "فردا زنگ"}).status_code == 404


def test_the_tick_asks_for_the_following_step_in_the_same_form(sara: User, client_of: ClientOf) -> None:
    step = make_next_step(sara, opportunity=make_opportunity())
    client, url = client_of(sara), f"/steps/{step.pk}/complete/"
    panel = client.get(url, headers=HTMX).content.decode()
    assert ('name="next_step"' in panel, "autofocus" in panel, "<html" in panel) == (True, True, False)
    assert "<html" in client.get(url).content.decode()
    response = client.post(url, {"next_step": "سه‌شنبه ارسال نمونه"}, headers=HTMX)
    page = response.content.decode()
    following = NextStep.objects.get(done_at=None)
    assert response.status_code == 200
    assert (f'id="step-{step.pk}"' in page, f'id="step-{following.pk}"' in page) == (True, True)
    assert f"/steps/{step.pk}/reopen/" in page
    assert (following.what, following.due_on, following.opportunity) == (
        "ارسال نمونه",
        date(2026, 11, 24),
        step.opportunity,
    )


def test_a_tick_alone_is_enough_and_can_be_taken_back(sara: User, client_of: ClientOf) -> None:
    step = make_next_step(sara)
    client = client_of(sara)
    assert client.post(f"/steps/{step.pk}/complete/", {"next_step": ""})["Location"] == "/"
    step.refresh_from_db()
    assert step.done_by == sara
    page = client.post(f"/steps/{step.pk}/reopen/", headers=HTMX).content.decode()
    step.refresh_from_db()
    assert (step.is_open, f"/steps/{step.pk}/complete/" in page) == (True, True)


def test_a_following_step_without_a_day_asks_for_one(sara: User, client_of: ClientOf) -> None:
    step = make_next_step(sara)
    response = client_of(sara).post(f"/steps/{step.pk}/complete/", {"next_step": "زنگ"}, headers=HTMX)
    assert response.status_code == 422
    assert 'value="۱۴۰۵/۰۹/۰۱"' in response.content.decode()
    step.refresh_from_db()
    assert step.is_open


def test_from_a_records_page_it_goes_back_there(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity(owner=sara)
    step = make_next_step(sara, opportunity=deal)
    posted = {"next_step": "", "back": deal.get_absolute_url()}
    response = client_of(sara).post(f"/steps/{step.pk}/complete/", posted, headers=HTMX)
    assert response["HX-Redirect"] == deal.get_absolute_url()


def test_reschedule(sara: User, client_of: ClientOf) -> None:
    step = make_next_step(sara)
    client, url = client_of(sara), f"/steps/{step.pk}/reschedule/"
    bad = client.post(url, {"due_on": "هرگز"}, headers=HTMX)
    assert (bad.status_code, 'value="هرگز"' in bad.content.decode()) == (422, True)
    good = client.post(url, {"due_on": "۱۲ آذر"}, headers=HTMX)
    assert (good.status_code, "۱۲ آذر" in good.content.decode()) == (200, True)
    step.refresh_from_db()
    assert step.due_on == date(2026, 12, 3)


def test_drop(sara: User, client_of: ClientOf) -> None:
    step = make_next_step(sara)
    page = client_of(sara).post(f"/steps/{step.pk}/drop/", {"because": "لازم نیست"}, headers=HTMX).content.decode()
    step.refresh_from_db()
    assert (step.dropped_because, f"/steps/{step.pk}/reopen/" in page) == ("لازم نیست", True)


@pytest.mark.parametrize(
    ("action", "posted"), [("complete", {"next_step": ""}), ("reschedule", {"due_on": "فردا"}), ("drop", {})]
)
def test_somebody_was_faster(action: str, posted: dict[str, str], sara: User, client_of: ClientOf) -> None:
    step = make_next_step(sara)
    services.complete(step, by=sara)
    response = client_of(sara).post(f"/steps/{step.pk}/{action}/", posted, follow=True)
    assert response.redirect_chain == [("/", 303)]
    assert "toast warning" in response.content.decode()


def test_rights(sara: User, reza: User, nader: User, leila: User, client_of: ClientOf) -> None:
    step = make_next_step(reza)
    for action in ("complete", "reopen", "reschedule", "drop"):
        url = f"/steps/{step.pk}/{action}/"
        assert client_of(sara).post(url).status_code == 403
        assert client_of(leila).post(url).status_code == 403
        assert client_of(reza).post(f"/steps/999999/{action}/").status_code == 404
    for action in ("reopen", "reschedule", "drop"):
        assert client_of(reza).get(f"/steps/{step.pk}/{action}/").status_code == 405
    assert client_of(nader).post(f"/steps/{step.pk}/complete/", {"next_step": ""}).status_code == 303
