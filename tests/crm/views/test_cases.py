from collections.abc import Callable
from datetime import date, timedelta

import pytest

from crm.care import services
from crm.models import Case, Customer, NextStep
from members.models import User
from tenants.models import Tenant
from tests.cast import NOW, ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_attachment, make_case, make_contact, make_customer, make_opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def listed(client: FirmClient, query: str = "") -> list[str]:
    return [row.subject for row in client.get(f"/requests/?{query}").context["list"].page.object_list]


def test_the_list_shows_what_is_not_finished_by_its_due_day(sara: User, reza: User, client_of: ClientOf) -> None:
    make_case(subject="بعد", owner=sara, due_on=TODAY + timedelta(3))
    make_case(subject="بی‌موعد", owner=sara)
    make_case(subject="عقب", owner=sara, due_on=TODAY - timedelta(1), state="waiting", kind="request")
    make_case(subject="تمام", owner=sara, state="done")
    make_case(subject="رضا", owner=reza, due_on=TODAY)
    make_case(subject="کسی نه")
    client = client_of(sara)
    assert listed(client) == ["عقب", "بعد", "بی‌موعد"]
    assert listed(client, "owner=all&state=open") == ["رضا", "بعد", "بی‌موعد", "کسی نه"]
    assert listed(client, "owner=none") == ["کسی نه"]
    assert listed(client, "state=done") == ["تمام"]
    assert listed(client, "kind=request") == ["عقب"]
    assert listed(client, "late=1") == ["عقب"]
    assert listed(client, "owner=all&q=رضا") == ["رضا"]


def test_the_narrow_filters_that_other_pages_link_to(nader: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه")
    make_case(customer, "بموقع", state="done", due_on=TODAY, satisfaction=5)
    make_case(subject="دیر", state="done", due_on=TODAY - timedelta(1), satisfaction=2)
    old = NOW - timedelta(100)
    make_case(subject="کهنه", state="done", opened_at=old, done_at=old, due_on=TODAY)
    client = client_of(nader)
    assert listed(client, "state=done&days=90") == ["دیر", "بموقع"]
    assert listed(client, "state=done&days=90&kept=yes") == ["بموقع"]
    assert listed(client, "state=done&days=90&kept=no") == ["دیر"]
    assert listed(client, "state=done&rated=low") == ["دیر"]
    assert listed(client, f"state=all&customer={customer.pk}") == ["بموقع"]
    assert client.get(f"/requests/?customer={customer.pk}").context["list"].told == ["کاوه"]


def test_each_case_comes_once_over_the_pages(nader: User, client_of: ClientOf) -> None:
    for number in range(60):
        make_case(subject=f"{number}", due_on=TODAY + timedelta(number % 7) if number % 3 else None)
    client, seen, query = client_of(nader), [], ""
    for _page in range(3):
        page = client.get(f"/requests/?{query}").context["list"].page
        seen += [case.subject for case in page.object_list]
        query = f"after={page.next}"
    assert (len(seen), len(set(seen)), page.next) == (60, 60, "")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]) -> None:
    customer = make_customer()
    case = make_case(customer, owner=sara, contact=make_contact(customer))
    client = client_of(sara)
    for _row in range(rows):
        make_case(customer, owner=sara, due_on=TODAY)
        make_attachment(sara, case)
        client.post(f"/requests/{case.pk}/note/", {"kind": "call", "sentence": "زنگ زدم"})
        client.post(f"/requests/{case.pk}/wait/")
        client.post(f"/requests/{case.pk}/resume/")
    assert queries_of(client, "/requests/") == 5
    assert queries_of(client, case.get_absolute_url()) == 5
    assert queries_of(client, "/requests/today/") == 2
    assert queries_of(client, f"/customers/{customer.pk}/requests/") == 4


def test_a_new_case_from_the_customers_page(sara: User, reza: User, client_of: ClientOf) -> None:
    customer = make_customer("پتروشیمی کاوه", service_owner=reza)
    client = client_of(sara)
    page = client.get(f"/requests/new/?customer={customer.pk}&kind=request").content.decode()
    assert "پتروشیمی کاوه" in page
    assert client.post("/requests/new/", {"kind": "request", "subject": "کاتالوگ"}).status_code == 422
    posted = {"customer": f"customer:{customer.pk}", "kind": "request", "subject": "کاتالوگ", "due_on": "۱۴۰۵/۰۹/۰۵"}
    answer = client.post("/requests/new/", posted)
    made = Case.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == made.get_absolute_url()
    assert (made.customer, made.owner, made.created_by) == (customer, reza, sara)
    assert made.due_on == date(2026, 11, 26)


def test_a_customer_we_did_not_know_is_made(sara: User, client_of: ClientOf) -> None:
    posted = {"customer": "new:customer", "customer_text": "آسیا", "kind": "complaint", "subject": "دیر رسید"}
    client_of(sara).post("/requests/new/", posted)
    made = Case.objects.get()
    assert (made.customer.name, made.customer.owner, made.owner) == ("آسیا", sara, sara)


def test_from_open_to_done_rated_and_open_again(sara: User, client_of: ClientOf) -> None:
    case = make_case(owner=sara)
    client, url = client_of(sara), case.get_absolute_url()
    client.post(f"{url}wait/")
    assert "اول مشتری باید جواب بدهد." in client.get(url).content.decode()
    form = client.get(f"{url}finish/", headers=HTMX).context["form"]
    assert form["next_on"].value() == date(2026, 11, 24)
    refused = client.post(f"{url}finish/", {"outcome": "", "next_step": "زنگ"})
    assert (refused.status_code, refused.context["form"]["next_step"].value()) == (422, "زنگ")
    done = {"outcome": "واشر عوض شد", "next_step": "زنگ بزنم", "next_on": "1405/09/03"}
    assert client.post(f"{url}finish/", done).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("done", "واشر عوض شد")
    assert NextStep.objects.get().what == "زنگ بزنم"
    assert client.post(f"{url}rate/", {"satisfaction": "6"}).status_code == 422
    assert client.post(f"{url}rate/", {"satisfaction": "2"}).status_code == 303
    case.refresh_from_db()
    assert case.satisfaction == 2
    assert client.post(f"{url}reopen/", {"because": ""}).status_code == 422
    client.post(f"{url}reopen/", {"because": "باز نشتی دارد"})
    case = Case.objects.get()
    assert (case.state, case.satisfaction) == ("open", None)
    titles = [event.title for event in client.get(url).context["screen"].events]
    assert titles == [
        "باز نشتی دارد",
        "دوباره باز شد",
        "رضایت",
        "رضایت",
        "تمام شد",
        "منتظر مشتری",
        "شکایت رسید",
    ]


def test_no_follow_up_when_its_line_is_emptied(sara: User, client_of: ClientOf) -> None:
    case = make_case(owner=sara)
    done = {"outcome": "حل شد", "next_step": "", "next_on": "1405/09/03"}
    assert client_of(sara).post(f"{case.get_absolute_url()}finish/", done).status_code == 303
    assert NextStep.objects.count() == 0


def test_who_is_late_to_finish_is_told(sara: User, client_of: ClientOf) -> None:
    case = make_case(owner=sara, state="done", outcome="حل شد")
    client = client_of(sara)
    answer = client.post(f"{case.get_absolute_url()}finish/", {"outcome": "دیگر"}, follow=True)
    assert "حل شد" in answer.content.decode()
    case.refresh_from_db()
    assert case.outcome == "حل شد"


def test_a_note_with_an_unclear_day_asks_and_keeps_what_was_typed(sara: User, client_of: ClientOf) -> None:
    case = make_case(owner=sara)
    posted = {"kind": "call", "sentence": "زنگ زدم", "next_step": "ارسال قطعه"}
    for headers in (HTMX, {}):
        answer = client_of(sara).post(f"{case.get_absolute_url()}note/", posted, headers=headers)
        assert answer.status_code == 422
        assert 'value="زنگ زدم"' in answer.content.decode()


def test_edit_keeps_to_the_customers_own_contacts_and_deals(sara: User, client_of: ClientOf) -> None:
    case = make_case(owner=sara)
    foreign = make_contact()
    client, url = client_of(sara), f"{case.get_absolute_url()}edit/"
    base = {"kind": "request", "subject": "کاتالوگ", "owner": sara.pk, "version": "1"}
    assert client.post(url, {**base, "contact": foreign.pk}).status_code == 422
    deal = make_opportunity(customer=case.customer)
    assert client.post(url, {**base, "opportunity": deal.pk}).status_code == 303
    case.refresh_from_db()
    assert (case.kind, case.subject, case.opportunity, case.version) == ("request", "کاتالوگ", deal, 2)
    conflict = client.post(url, {**base, "subject": "چیز دیگر"})
    assert conflict.status_code == 422


def test_roles(sara: User, reza: User, leila: User, client_of: ClientOf) -> None:
    case = make_case(owner=reza)
    url = case.get_absolute_url()
    assert client_of(leila).get(url).status_code == 200
    assert client_of(leila).get("/requests/new/").status_code == 403
    for verb in ("edit", "finish", "reopen"):
        assert client_of(sara).get(f"{url}{verb}/").status_code == 403
    assert client_of(sara).post(f"{url}wait/").status_code == 403
    # Whoever sees it may say what happened.
    assert client_of(sara).post(f"{url}note/", {"kind": "call", "sentence": "زنگ زد"}).status_code == 303


def test_today_shows_what_is_due_and_not_what_waits(sara: User, client_of: ClientOf) -> None:
    make_case(subject="امروز", owner=sara, due_on=TODAY)
    make_case(subject="بعد", owner=sara, due_on=TODAY + timedelta(3))
    make_case(subject="منتظر", owner=sara, due_on=TODAY, state="waiting")
    make_case(subject="منتظر و عقب", owner=sara, due_on=TODAY - timedelta(1), state="waiting")
    shown = client_of(sara).get("/requests/today/").context["cases"]
    assert [case.subject for case in shown] == ["منتظر و عقب", "امروز"]


def test_the_deals_page_warns_of_an_open_complaint(sara: User, client_of: ClientOf) -> None:
    customer = make_customer()
    deal = make_opportunity(customer=customer, owner=sara)
    client = client_of(sara)
    url = f"/deals/{deal.pk}/requests/"
    make_case(customer, kind="request")
    assert client.get(url).content.strip() == b""
    made = make_case(customer, "نشتی شیر اصلی")
    assert "نشتی شیر اصلی" in client.get(url).content.decode()
    Case.objects.filter(pk=made.pk).delete()
    assert client.get(url).content.strip() == b""


def test_the_customers_panel_counts_the_open_ones(sara: User, client_of: ClientOf) -> None:
    customer: Customer = make_customer()
    for number in range(6):
        make_case(customer, f"{number}", state="done" if number < 4 else "open")
    panel = client_of(sara).get(f"/customers/{customer.pk}/requests/").context["panel"]
    assert ([case.subject for case in panel.cases][:2], panel.count, panel.open_count) == (["5", "4"], 6, 2)


def test_the_history_tells_the_end_once_and_gives_no_state_back(sara: User, client_of: ClientOf) -> None:
    """A state comes back by its own door, which also takes outcome and time along."""
    case = make_case(owner=sara)
    services.change(case, values={"subject": "نشتی شیر"}, by=sara)
    services.finish(case, outcome="حل شد", by=sara)
    client, url = client_of(sara), f"/records/case/{case.pk}/history/"
    entries = client.get(url).context["screen"].entries
    assert [[(one.name, one.may_restore) for one in entry.changes] for entry in entries] == [
        [("outcome", False), ("state", False)],
        [("subject", True)],
    ]
    refused = client.post(f"{url}{entries[0].edit.pk}/", {"field": "state"})
    case.refresh_from_db()
    assert (refused.status_code in (400, 403, 404), case.state) == (True, "done")


def test_a_hidden_deal_is_neither_named_nor_lost(sara: User, reza: User, acme: Tenant, client_of: ClientOf) -> None:
    acme.visibility = "own"
    acme.save()
    customer = make_customer(owner=sara)
    hidden = make_opportunity("محرمانهٔ رضا", customer=customer, owner=reza)
    case = make_case(customer, owner=sara)
    services.change(case, values={"opportunity": hidden}, by=reza)
    client, url = client_of(sara), case.get_absolute_url()
    for address in (url, f"{url}edit/"):
        assert "محرمانهٔ رضا" not in client.get(address).content.decode()
    posted = {"kind": "request", "subject": "کاتالوگ", "owner": sara.pk, "version": "2"}
    assert client.post(f"{url}edit/", posted).status_code == 303
    case.refresh_from_db()
    assert (case.subject, case.opportunity) == ("کاتالوگ", hidden)
