"""The whole way of a file through the page, with small tables that have the dirt of a real export."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Change, ChangeField, Customer, ImportJob, NextStep, Opportunity, Stage
from members.models import Role, Team, User
from tests.cast import ClientOf
from tests.crm.importing.flow import Upload, counts, problems
from tests.factories.crm import make_customer, make_next_step, need

pytestmark = pytest.mark.django_db

PEOPLE = """sales_agent,manager,regional_office
Anna Snelling,Dustin Brinkmann,Central
Moses Frase,Dustin Brinkmann,Central
Zane Levy,Summer Sewald,West
"""
CUSTOMERS = """account,sector,year_established,office_location
Cancity,retail,2001,United States
Isdom,technolgy,2002,United States
,medical,1999,Kenya
Cancity,retail,2001,United States
"""
DEALS = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,10/20/2016,3/1/2017,1054
Z063OYW0,Anna Snelling,GTXPro,Isdom,Lost,10/25/2016,3/11/2017,0
EC4QE1BX,Anna Snelling,MG Special,,Engaging,11/25/2016,,
MV1LWRNH,Nobody Yet,GTXPro,Newfirm,Prospecting,,,
PE84CX4O,Zane Levy,,,Engaging,11/25/2016,,
BADDATE0,Zane Levy,GTX Basic,Isdom,Won,10/27/2016,99/99/2017,12 apples
"""
PRICES = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n"


def test_people_come_in_with_their_teams_and_managers(bring_in: Upload) -> None:
    job = bring_in(PEOPLE)

    assert (job.kind, job.state, counts(job)) == ("people", "done", (3, 0, 0, 0))
    central = Team.objects.get(name="Central – Dustin Brinkmann")
    assert central.lead is not None
    assert (central.lead.name, central.lead.role) == ("Dustin Brinkmann", Role.MANAGER)
    assert sorted(central.members.values_list("name", "role", "email")) == [
        ("Anna Snelling", "rep", "anna-snelling@no-login.invalid"),
        ("Moses Frase", "rep", "moses-frase@no-login.invalid"),
    ]
    assert not User.objects.get(name="Anna Snelling").has_usable_password()
    assert job.options["along"] == {"teams": 2, "managers": 2}


def test_the_same_people_again_are_unchanged(bring_in: Upload) -> None:
    bring_in(PEOPLE)
    people = User.objects.count()

    job = bring_in(PEOPLE.replace("Anna Snelling", "  anna   SNELLING "))

    assert counts(job) == (0, 0, 3, 0)
    assert User.objects.count() == people


def test_members_keep_role_and_name_and_get_their_team(bring_in: Upload, sara: User, nader: User) -> None:
    job = bring_in("نام;ایمیل;تیم\nسارا كريمي;;فروش تهران\nناشناس;nader@acme.example;فروش تهران\n")

    assert counts(job) == (0, 2, 0, 0)
    assert list(Team.objects.get(name="فروش تهران").members.order_by("email").values_list("name", "role")) == [
        ("نادر احمدی", "manager"),
        ("سارا کریمی", "rep"),
    ]


def test_a_manager_cannot_let_people_in_by_importing_them(
    upload: Upload, client_of: ClientOf, nader: User, check: Upload, start: Upload
) -> None:
    file = SimpleUploadedFile("p.csv", b"name,email,team\nEve,eve@elsewhere.example,North\n")
    client_of(nader).post(reverse("crm:imports"), {"file": file})
    start(check(ImportJob.objects.get()))

    assert User.objects.get(name="Eve").email == "eve@no-login.invalid"


def test_customers_come_in_and_dirt_is_reported(bring_in: Upload, admin: User) -> None:
    job = bring_in(CUSTOMERS)

    assert (job.kind, counts(job)) == ("customers", (2, 0, 0, 2))
    assert list(Customer.objects.order_by("name").values_list("name", "sector", "city", "created_by")) == [
        ("Cancity", "retail", "United States", admin.pk),
        ("Isdom", "technolgy", "United States", admin.pk),
    ]
    assert problems(job) == [
        (3, "sector", "technolgy", False),
        (4, "account", "", True),
        (5, "account", "Cancity", True),
    ]


def test_known_customers_are_found_by_folded_name_and_filled_up(bring_in: Upload) -> None:
    known = make_customer("ایران‌خودرو", city="تهران", phone="+982112345678")

    job = bring_in("نام شرکت,صنعت,شهر\nايران خودرو,خودرو,\n")

    assert counts(job) == (0, 1, 0, 0)
    known.refresh_from_db()
    assert (known.name, known.sector, known.city, known.version) == ("ایران‌خودرو", "خودرو", "تهران", 2)
    assert Customer.objects.count() == 1
    assert counts(bring_in("نام شرکت,صنعت,شهر\nايران خودرو,خودرو,\n")) == (0, 0, 1, 0)


def test_deals_come_in_with_owners_customers_stages_days_and_amounts(
    bring_in: Upload, stages: list[Stage], today: date
) -> None:
    bring_in(PEOPLE)
    bring_in(CUSTOMERS)

    job = bring_in(DEALS)

    assert (job.kind, job.state, counts(job)) == ("opportunities", "done", (5, 0, 0, 1))
    won = Opportunity.objects.get(external_id="1C1I7A6R")
    assert (won.title, won.customer.name, won.owner.name) == (  # type: ignore[union-attr]
        "GTX Plus Basic – Cancity",
        "Cancity",
        "Moses Frase",
    )
    # Amounts of a file without unit are in the unit that is shown: toman, stored in rials.
    assert (won.amount, won.stage, won.is_open) == (Decimal(10540), stages[4], False)
    assert (won.closed_on, won.stage_since, won.created_at.date()) == (
        date(2017, 3, 1),
        date(2017, 3, 1),
        date(2016, 10, 20),
    )
    engaging = Opportunity.objects.get(external_id="EC4QE1BX")
    assert (engaging.title, engaging.customer, engaging.amount) == ("MG Special", None, None)
    assert (engaging.stage, engaging.stage_since) == (stages[1], date(2016, 11, 25))
    fresh = Opportunity.objects.get(external_id="MV1LWRNH")
    assert (fresh.stage, fresh.stage_since, fresh.owner.name) == (stages[0], today, "Nobody Yet")  # type: ignore[union-attr]
    assert job.options["along"] == {"owners": 1, "customers": 1}


def test_every_dirty_cell_is_reported_with_row_and_column(bring_in: Upload, today: date) -> None:
    job = bring_in(DEALS)

    assert problems(job) == [
        (4, "account", "", False),
        (6, "", "", True),
        (7, "close_date", "99/99/2017", False),
        (7, "close_value", "12 apples", False),
        (7, "close_date", "99/99/2017", False),
    ]
    kept = Opportunity.objects.get(external_id="BADDATE0")
    assert (kept.closed_on, kept.amount) == (today, None)


def test_history_is_written_with_the_days_of_the_file(bring_in: Upload, stages: list[Stage], admin: User) -> None:
    bring_in(DEALS)

    changes = Change.objects.filter(opportunity__external_id="1C1I7A6R").order_by("at")
    assert [(c.field, c.old_label, c.new, c.new_label, c.at.date(), c.by) for c in changes] == [
        (ChangeField.CREATED, "", str(stages[0].pk), "شناسایی", date(2016, 10, 20), admin),
        (ChangeField.STAGE, "شناسایی", str(stages[4].pk), "برنده", date(2017, 3, 1), admin),
    ]


def test_the_same_file_twice_makes_no_duplicates(bring_in: Upload) -> None:
    bring_in(DEALS)
    deals, changes = Opportunity.objects.count(), Change.objects.count()

    job = bring_in(DEALS)

    assert counts(job) == (0, 0, 5, 1)
    assert (Opportunity.objects.count(), Change.objects.count()) == (deals, changes)


def test_without_own_ids_the_same_rows_are_known_again(bring_in: Upload) -> None:
    pump, valve = "Pump,Acme,Engaging,2026-10-01\n", "Valve,Acme,Won,2026-10-01\n"
    text = "deal,customer,stage,created\n" + pump + pump + valve

    first, second = bring_in(text), bring_in(text)

    assert (counts(first), counts(second)) == ((3, 0, 0, 0), (0, 0, 3, 0))


def test_what_changed_in_the_file_is_changed_here_and_recorded(
    bring_in: Upload, stages: list[Stage], sara: User, today: date
) -> None:
    head = "id,deal,owner,stage,amount,close date\n"
    bring_in(f"{head}A1,Pump,,Engaging,100,2026-12-01\nA2,Valve,,Engaging,100,2026-12-01\n")
    step = make_next_step(sara, opportunity=Opportunity.objects.get(external_id="A2"))

    job = bring_in(f"{head}A1,Pump,{sara.name},Engaging,250,2026-12-20\nA2,Valve,,Won,100,2026-11-20\n")

    assert counts(job) == (0, 2, 0, 0)
    pump, valve = Opportunity.objects.order_by("external_id")
    assert (pump.amount, pump.owner, pump.push_count, pump.version) == (Decimal(2500), sara, 1, 2)
    assert sorted(pump.changes.exclude(field="created").values_list("field", "old", "new")) == [
        ("amount", "1000.00", "2500.00"),
        ("expected_close", "2026-12-01", "2026-12-20"),
        ("owner", "", str(sara.pk)),
    ]
    assert (valve.stage, valve.is_open, valve.closed_on, valve.stage_since) == (
        stages[4],
        False,
        date(2026, 11, 20),
        date(2026, 11, 20),
    )
    assert valve.changes.filter(field="stage").values_list("old_label", "new_label").get() == ("نیازسنجی", "برنده")
    assert NextStep.objects.get(pk=step.pk).dropped_because == "برنده"


def test_empty_cells_leave_what_is_here_alone(bring_in: Upload) -> None:
    bring_in("id,deal,stage,amount\nA1,Pump,Engaging,100\n")

    job = bring_in("id,deal,stage,amount\nA1,Pump,,\n")

    assert counts(job) == (0, 0, 1, 0)
    assert Opportunity.objects.get().amount == Decimal(1000)


def test_unknown_names_may_be_left_out_instead(bring_in: Upload) -> None:
    people, customers = User.objects.count(), Customer.objects.count()

    job = bring_in(DEALS, unknown_owners="leave", unknown_customers="leave")

    assert (User.objects.count(), Customer.objects.count()) == (people, customers)
    assert (2, "sales_agent", "Moses Frase", False) in problems(job)
    assert (2, "account", "Cancity", False) in problems(job)
    assert job.options["along"] == {}


def test_a_guarded_stage_is_guarded_here_too(bring_in: Upload, stages: list[Stage]) -> None:
    need(stages[2], "amount")
    need(stages[3], "expected_close")

    job = bring_in("id,deal,stage,amount,close date\nA1,Pump,Negotiation,,\nA2,Valve,Negotiation,100,2026-12-01\n")

    assert dict(Opportunity.objects.values_list("external_id", "stage__name")) == {"A1": "نیازسنجی", "A2": "مذاکره"}
    assert problems(job) == [(2, "stage", "Negotiation", False)]


def test_a_price_list_fills_the_amounts_of_open_deals(bring_in: Upload) -> None:
    job = bring_in(DEALS, price_list=SimpleUploadedFile("products.csv", PRICES.encode()))

    amounts = dict(Opportunity.objects.values_list("external_id", "amount"))
    assert (amounts["EC4QE1BX"], amounts["MV1LWRNH"]) == (Decimal(550), Decimal(48210))
    # Only the missing ones, and only while the deal is open.
    assert (amounts["1C1I7A6R"], amounts["BADDATE0"]) == (Decimal(10540), None)
    assert (5, "product", "GTXPro", False) in problems(job)


def test_a_price_list_on_its_own_is_kindly_refused(client_of: ClientOf, admin: User) -> None:
    response = client_of(admin).post(
        reverse("crm:imports"), {"file": SimpleUploadedFile("products.csv", PRICES.encode())}
    )

    assert response.status_code == 422
    assert response.context["is_price_list"] is True
    assert not ImportJob.objects.exists()


def test_choices_are_remembered_for_the_same_headings(upload: Upload, bring_in: Upload, stages: list[Stage]) -> None:
    text = "code,deal,kind of thing\nA1,Pump,hot\n"
    first = upload(text, kind="opportunities")
    first.mapping = {"code": "external_id", "deal": "title", "kind of thing": "stage"}
    first.options = {**first.options, "stages": {"hot": stages[3].pk}, "unknown_owners": "leave"}
    first.state, first.finished_at = "done", first.created_at
    first.save()

    second = upload(text, kind="opportunities")

    assert second.mapping == first.mapping
    assert (second.options["stages"], second.options["unknown_owners"]) == ({"hot": stages[3].pk}, "leave")


def test_a_newly_chosen_stage_column_wants_a_look_at_its_values(upload: Upload, check: Upload) -> None:
    job = upload("code,deal,kind of thing\nA1,Pump,won\nA2,Valve,strange\n", kind="opportunities")
    assert "stages" not in {*job.mapping.values()}

    looked = check(job, **{"column-2": "stage"})
    assert (looked.state, list(looked.options["stages"])) == ("mapping", ["won", "strange"])

    assert check(looked).state == "ready"


def test_columns_that_do_not_fit_are_refused_with_what_was_chosen(
    upload: Upload, client_of: ClientOf, admin: User
) -> None:
    job = upload(DEALS)

    response = client_of(admin).post(
        reverse("crm:import_map", args=[job.pk]), {"column-1": "owner", "column-3": "owner", "date_order": "mdy"}
    )

    assert response.status_code == 422
    assert len(response.context["page"].errors) == 2
    assert response.context["page"].columns[3].chosen == "owner"
    job.refresh_from_db()
    assert job.state == "mapping"


def test_the_preview_shows_rows_as_they_will_be_stored(
    upload: Upload, check: Upload, client_of: ClientOf, admin: User
) -> None:
    job = check(upload(DEALS))

    page = client_of(admin).get(job.get_absolute_url()).context["preview"]

    assert len(page.rows) == 6
    assert page.rows[0].cells == [
        "GTX Plus Basic – Cancity",
        "Cancity",
        "Moses Frase",
        "برنده",
        "۱٬۰۵۴ تومان",
        "۲۹ مهر ۱۳۹۵",
        "۱۱ اسفند ۱۳۹۵",
        "1C1I7A6R",
    ]
    assert not Opportunity.objects.exists()


def test_the_list_of_problems_can_be_put_right_and_uploaded_again(
    bring_in: Upload, client_of: ClientOf, admin: User
) -> None:
    job = bring_in(DEALS.replace("Cancity", "=cmd()"))

    response = client_of(admin).get(reverse("crm:import_problems_csv", args=[job.pk]))

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][3:5] == ["opportunity_id", "sales_agent"]
    assert [(row[0], row[3]) for row in rows[1:]] == [("4", "EC4QE1BX"), ("6", "PE84CX4O"), ("7", "BADDATE0")]


@pytest.mark.parametrize("page", ["columns", "preview", "result"])
def test_pages_make_the_same_queries_for_few_rows_and_many(
    page: str, upload: Upload, check: Upload, start: Upload, client_of: ClientOf, admin: User
) -> None:
    def queries(rows: int) -> int:
        body = "".join(f"{page}{rows}{n},Anna,Pump,Firm {n},Odd {n},13/1/2026,,x\n" for n in range(rows))
        job = upload(DEALS.splitlines()[0] + "\n" + body)
        if page != "columns":
            job = check(job)
        if page == "result":
            job = start(job)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client_of(admin).get(job.get_absolute_url()).status_code == 200
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)


@pytest.mark.parametrize("name", ["imports", "import"])
def test_reps_and_executives_stay_outside(
    name: str, upload: Upload, client_of: ClientOf, sara: User, leila: User
) -> None:
    job = upload(DEALS)
    for user in (sara, leila):
        assert client_of(user).get(reverse(f"crm:{name}", args=[job.pk] if name == "import" else [])).status_code == 403


def test_another_firms_job_is_not_there(upload: Upload, client_of: ClientOf, gina: User) -> None:
    job = upload(DEALS)

    assert client_of(gina).get(job.get_absolute_url()).status_code == 404
