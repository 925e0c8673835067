"""The queue, taking and giving, categories, the report, conversion and its undo."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.intake.conversion import convert
from crm.models import Assignment, Edit, Lead, LeadCategory, Opportunity
from crm.services import interaction as interactions
from crm.services import lead as leads
from members.models import User
from tenants import clock
from tenants.models import Tenant
from tenants.models.tenant import Visibility
from tenants.services.provisioning import forget_host
from tests.cast import NOW, ClientOf
from tests.factories.crm import make_category, make_contact, make_customer, make_lead, make_next_step, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
QUEUE = "/leads/queue/"
HTMX = {"HX-Request": "true"}


def names(client_of: ClientOf, user: User, query: str = "") -> list[str]:
    return [row.lead.name for row in client_of(user).get(QUEUE + query).context["screen"].rows]


def test_the_queue_is_ordered_by_time_left_and_says_how_late(client_of: ClientOf, sara: User, reza: User) -> None:
    make_lead("بی‌ساعت", captured_at=NOW - timedelta(days=2))
    make_lead("خودم", owner=sara, respond_by=NOW + timedelta(minutes=20))
    make_lead("دیر", respond_by=NOW - timedelta(minutes=30))
    make_lead("همکار", owner=reza, respond_by=NOW + timedelta(minutes=1))
    make_lead("پاسخ‌داده", owner=sara, status="contacted", respond_by=NOW)
    screen = client_of(sara).get(QUEUE).context["screen"]
    assert [(row.lead.name, row.left, row.tone, row.may_take) for row in screen.rows] == [
        ("دیر", -30, "bad", True), ("خودم", 20, "wait", False), ("بی‌ساعت", None, "", True),
    ]  # fmt: skip
    assert (screen.late, screen.hidden) == (1, 0)
    page = client_of(sara).get(QUEUE, headers=HTMX).content.decode()
    assert "۳۰ دقیقه دیر" in page
    assert "۲۰ دقیقه مانده" in page
    assert "<html" not in page


def test_it_is_limited_in_length(client_of: ClientOf, sara: User) -> None:
    for minute in range(18):
        make_lead(f"{minute}", respond_by=NOW + timedelta(minutes=minute))
    screen = client_of(sara).get(QUEUE).context["screen"]
    assert ([row.lead.name for row in screen.rows], screen.hidden) == ([str(n) for n in range(15)], 3)


def test_those_who_look_after_others_see_everybodys(client_of: ClientOf, sara: User, nader: User, leila: User) -> None:
    make_lead("مال سارا", owner=sara)
    make_lead("بی‌مالک")
    assert names(client_of, nader) == ["مال سارا", "بی‌مالک"]
    assert names(client_of, nader, "?whose=mine") == ["بی‌مالک"]
    page = client_of(leila).get(QUEUE)
    assert [row.may_take for row in page.context["screen"].rows] == [False, False]
    assert "/take/" not in page.text


def test_the_queue_costs_the_same_for_one_and_for_many(client_of: ClientOf, nader: User, sara: User) -> None:
    client = client_of(nader)
    make_lead(owner=sara, category=make_category(), respond_by=NOW)
    client.get(QUEUE)
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(QUEUE)
        counts.append(len(asked))
        for _m in range(2):
            make_lead(owner=sara, category=make_category(), respond_by=NOW)
    assert counts[0] == counts[1]


def test_a_lead_is_taken_once(client_of: ClientOf, sara: User, reza: User) -> None:
    lead = make_lead()
    assert client_of(sara).post(f"/leads/{lead.pk}/take/")["Location"] == f"/leads/{lead.pk}/"
    late = client_of(reza).post(f"/leads/{lead.pk}/take/", {"back": QUEUE})
    assert late["Location"] == QUEUE
    lead.refresh_from_db()
    assert lead.owner == sara
    assert [edit.values for edit in Edit.objects.all()] == [{"owner": [None, sara.pk]}]


def test_a_manager_gives_a_lead_to_somebody_and_back_to_all(client_of: ClientOf, nader: User, sara: User) -> None:
    lead = make_lead()
    client = client_of(nader)
    client.post(f"/leads/{lead.pk}/assign/", {"owner": sara.pk})
    lead.refresh_from_db()
    assert lead.owner == sara
    client.post(f"/leads/{lead.pk}/assign/", {"owner": 999_999})
    lead.refresh_from_db()
    assert lead.owner == sara
    client.post(f"/leads/{lead.pk}/assign/", {"owner": ""})
    lead.refresh_from_db()
    assert lead.owner is None
    assert client_of(sara).post(f"/leads/{lead.pk}/assign/", {"owner": sara.pk}).status_code == 403


# --- Categories ---------------------------------------------------------------------------------------------------
def typed(**fields: object) -> dict[str, object]:
    return {
        "name": "سایت", "sources": "وب‌سایت\nچت\n\nوب سایت", "respond_within": "۳۰", "assignment": "rotation",
        "on_breach": "next", **fields,
    }  # fmt: skip


def test_the_first_category_takes_all_and_the_next_can_take_over(client_of: ClientOf, nader: User, sara: User) -> None:
    client = client_of(nader)
    client.post("/leads/categories/new/", typed(people=[sara.pk]))
    site = LeadCategory.objects.get()
    assert (site.sources, site.respond_within, site.is_default, list(site.people.all())) == (
        ["وب سایت", "چت"], 30, True, [sara],
    )  # fmt: skip
    client.post("/leads/categories/new/", typed(name="بقیه", sources="", is_default="on"))
    assert list(LeadCategory.objects.values_list("name", "is_default")) == [("سایت", False), ("بقیه", True)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "هست"),
        ("name", ""),
        ("sources", "تلفن"),
        ("respond_within", "0"),
        ("assignment", "x"),
        ("is_default", ""),
    ],
)
def test_what_cannot_be_is_422_with_everything_typed(client_of: ClientOf, nader: User, field: str, value: str) -> None:
    mine = make_category("خودم", is_default=True)
    make_category("هست", sources=["تلفن"])
    form = typed(**{"name": "خودم", "is_default": "on", field: value})
    if field == "is_default":
        del form["is_default"]
    answer = client_of(nader).post(f"/leads/categories/{mine.pk}/", form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    mine.refresh_from_db()
    assert (mine.name, mine.respond_within, mine.is_default) == ("خودم", 120, True)


def test_a_category_goes_and_its_leads_stay(client_of: ClientOf, nader: User) -> None:
    default, other = make_category(is_default=True), make_category()
    lead = make_lead(category=other, respond_by=NOW)
    client = client_of(nader)
    for category in (default, other):
        client.post(f"/leads/categories/{category.pk}/remove/")
    assert list(LeadCategory.objects.all()) == [default]
    lead.refresh_from_db()
    assert (lead.category, lead.respond_by) == (None, NOW)


def test_sources_that_nobody_named_are_offered(client_of: ClientOf, nader: User, sara: User) -> None:
    make_category("تلفن", sources=["تلفن"], is_default=True, assignment=Assignment.ROTATION, people=[sara])
    for source in ("نمایشگاه", "نمایشگاه", "تلفن", "", "معرفی"):
        make_lead(source=source)
    page = client_of(nader).get("/leads/categories/")
    assert page.context["free"] == ["نمایشگاه", "معرفی"]
    assert client_of(sara).get("/leads/categories/").status_code == 403


# --- Report -------------------------------------------------------------------------------------------------------
def test_the_report_sets_speed_beside_what_became_of_it(client_of: ClientOf, nader: User, sara: User) -> None:
    make_stages()
    LeadCategory.objects.all().delete()
    category = make_category("سایت", is_default=True, respond_within=60)
    make_category("خالی")
    rows = [leads.create(name=f"{n}", by=sara, owner=sara) for n in range(5)]
    for minutes, lead in zip((10, 20, 90), rows, strict=False):
        with clock.stopped_at(NOW + timedelta(minutes=minutes)):
            interactions.log(by=sara, kind="call", sentence=f"گفت {minutes}", lead=lead)
    make_next_step(sara, lead=rows[0])
    convert(rows[1], by=sara, today=TODAY, title="خط")
    with clock.stopped_at(NOW + timedelta(minutes=100)):
        screen = client_of(nader).get("/leads/response/").context["screen"]
    site, empty = screen.rows
    assert (site.category, site.came, site.median, site.waiting) == (category, 5, 20, 2)
    assert (site.in_time, site.followed, site.converted) == (40, 67, 20)
    assert (empty.came, empty.in_time) == (0, None)
    assert [one.sentence for one in screen.sample] == ["گفت 90", "گفت 20", "گفت 10"]
    assert client_of(sara).get("/leads/response/").status_code == 403


# --- Conversion ---------------------------------------------------------------------------------------------------
def test_the_form_shows_known_customers_with_why_and_uses_the_chosen_one(client_of: ClientOf, sara: User) -> None:
    make_stages()
    known = make_customer("بازرگانی راد")
    make_contact(known, "بهار", phone="+989121234567")
    lead = make_lead("بهار", company="راد", phone="+989121234567", owner=sara)
    url = reverse("crm:lead_convert", args=[lead.pk])
    page = client_of(sara).get(url)
    assert [value for value, _label in page.context["form"].fields["customer"].choices] == [known.pk, ""]
    assert "شمارهٔ بهار در آنجا" in page.text
    client_of(sara).post(url, {"title": "خط", "customer": known.pk})
    deal = Opportunity.objects.get()
    assert (deal.customer, deal.title, known.contacts.count()) == (known, "خط", 1)


def test_the_way_back_stands_on_the_deal_for_a_day(client_of: ClientOf, sara: User, reza: User) -> None:
    make_stages()
    lead = make_lead(owner=sara)
    made = convert(lead, by=sara, today=TODAY, title="خط")
    url = reverse("crm:lead_convert_undo", args=[lead.pk])
    assert client_of(reza).post(url).status_code == 403
    assert client_of(sara).post(url)["Location"] == f"/leads/{lead.pk}/"
    assert Lead.objects.get().status == "new"
    assert client_of(sara).post(url)["Location"] == f"/leads/{lead.pk}/"
    assert Opportunity.with_binned.get().pk == made.opportunity.pk


def test_a_refused_undo_says_what_was_done(client_of: ClientOf, sara: User) -> None:
    make_stages()
    lead = make_lead(owner=sara)
    made = convert(lead, by=sara, today=TODAY, title="خط")
    with clock.stopped_at(NOW + timedelta(minutes=5)):
        interactions.log(by=sara, kind="call", sentence="سلام", opportunity=made.opportunity)
    answer = client_of(sara).post(reverse("crm:lead_convert_undo", args=[lead.pk]), follow=True)
    assert "تعاملی ثبت شده" in answer.text
    assert Opportunity.objects.count() == 1


def test_the_page_of_a_lead_shows_its_clock_and_who_may_take_it(client_of: ClientOf, sara: User, leila: User) -> None:
    make_stages()
    lead = make_lead(respond_by=NOW + timedelta(minutes=90))
    page = client_of(sara).get(f"/leads/{lead.pk}/").text
    assert "۱ ساعت مانده" in page
    assert f"/leads/{lead.pk}/take/" in page
    assert f"/leads/{lead.pk}/take/" not in client_of(leila).get(f"/leads/{lead.pk}/").text
    Lead.objects.update(status="contacted")
    assert "ساعت مانده" not in client_of(sara).get(f"/leads/{lead.pk}/").text


# --- Seeing -------------------------------------------------------------------------------------------------------
def test_where_reps_see_their_own_only_the_queue_and_known_customers_keep_to_it(
    client_of: ClientOf, sara: User, reza: User
) -> None:
    make_stages()
    Tenant.objects.filter(schema_name="acme").update(visibility=Visibility.OWN)
    forget_host(Tenant.objects.get(schema_name="acme"))
    theirs = make_lead("مال رضا", owner=reza, respond_by=NOW)
    make_lead("بی‌مالک")
    make_customer("راد", phone="+989121234567", owner=reza)
    mine = make_lead("راد", phone="+989121234567", owner=sara)
    assert names(client_of, sara) == ["بی‌مالک", "راد"]
    assert client_of(sara).post(f"/leads/{theirs.pk}/take/").status_code == 404
    page = client_of(sara).get(reverse("crm:lead_convert", args=[mine.pk]))
    assert "customer" not in page.context["form"].fields
