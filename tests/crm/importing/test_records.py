"""Leads, contacts and interactions through the page: reading, matching, what is like them, and the rejected rows."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from charter.models import KeyDecision
from crm.models import Contact, Customer, CustomField, Edit, ImportJob, Interaction, Lead, LeadStatus, Opportunity
from members.models import User
from tests.cast import NOW, ClientOf
from tests.crm.importing.flow import Upload, counts, problems
from tests.factories.crm import make_contact, make_customer, make_lead, make_opportunity

pytestmark = pytest.mark.django_db
LEADS = (
    "نام,شرکت,موبایل,ایمیل,منبع,تاریخ ثبت,مالک\n"
    "سارا رضايي,شركت آب,۰۹۱۲۱۱۱۲۲۳۳,SARA@AB.example,وب‌سایت,۱۴۰۵/۸/۱,سارا کریمی\n"
    "علي,-,0935 000 0000,,Select,,\n"
    ",,,,,,\n"
    ",,نه,,وب‌سایت,,\n"
)


def test_leads_come_in_with_any_digits_and_letters(bring_in: Upload, sara: User) -> None:
    job = bring_in(LEADS)

    assert (job.kind, job.state, counts(job)) == ("leads", "done", (2, 0, 0, 1))
    first, second = Lead.objects.order_by("pk")
    assert (first.name, first.company, first.phone, first.email, first.owner) == (
        "سارا رضایی",
        "شرکت آب",
        "+989121112233",
        "sara@ab.example",
        sara,
    )
    assert timezone.localdate(first.captured_at) == date(2026, 10, 23)
    # What means nothing was said is nothing.
    assert (second.company, second.source, second.phone) == ("", "", "+989350000000")
    assert job.options["placeholders"] == {"-": 1, "select": 1}
    assert (first.imported_in, second.imported_in) == (job.batch, job.batch)


def test_a_placeholder_may_be_meant(upload: Upload, check: Upload, start: Upload) -> None:
    start(check(upload("name,company,phone\nAnna,Select,09121112233\n", "leads"), placeholders_shown="1"))

    assert Lead.objects.get().company == "Select"


def test_history_starts_no_clock_and_fresh_leads_do(bring_in: Upload) -> None:
    from tests.factories.crm import install_playbook

    install_playbook()
    bring_in("name,phone,created on\nOld,09121110000,2020-01-05\nFresh,09121110001,2026-11-21\n", "leads")
    bring_in("name,phone\nAgeless,09121110002\n", "leads")

    waiting = dict(Lead.objects.values_list("name", "respond_by"))
    assert (waiting["Old"], waiting["Ageless"]) == (None, None)
    assert waiting["Fresh"] is not None


@pytest.mark.parametrize(
    ("text", "encoding", "delimiter"),
    [
        ("name;phone;company\nشركت يك;09121112233;الف\n", "cp1256", ";"),
        ("name\tphone\tcompany\nشرکت یک\t09121112233\tالف\n", "utf-16", "\t"),
        ("name,phone,company\nشرکت یک,09121112233,الف\n", "utf-8-sig", ","),
    ],
)
def test_files_of_any_coding(bring_in: Upload, text: str, encoding: str, delimiter: str) -> None:
    job = bring_in(text.encode(encoding), "leads")

    assert job.options["layout"]["encoding"] == encoding.removesuffix("-sig")
    assert job.options["layout"]["delimiter"] == delimiter
    assert Lead.objects.get().name == "شرکت یک"


def test_another_way_of_reading_can_be_chosen(upload: Upload, client_of: ClientOf, admin: User) -> None:
    job = upload("name;phone,company\nA;1,x\n", "leads")
    assert [column["heading"] for column in job.columns] == ["name;phone", "company"]

    posted = {"kind": "customers", "encoding": "utf-8", "delimiter": ";"}
    client_of(admin).post(reverse("crm:import_layout", args=[job.pk]), posted)

    job.refresh_from_db()
    assert (job.kind, [column["heading"] for column in job.columns]) == ("customers", ["name", "phone,company"])


def test_a_sheet_of_a_workbook_can_be_chosen(upload: Upload, client_of: ClientOf, admin: User) -> None:
    book = openpyxl.Workbook()
    book.active.append(["x", "y"])
    book.active.append(["1", "2"])
    book.create_sheet("مردم").append(["name", "phone"])
    book["مردم"].append(["سارا", "09121112233"])
    content = io.BytesIO()
    book.save(content)
    job = upload(content.getvalue(), "leads", "book.xlsx")
    assert job.options["sheets"] == ["Sheet", "مردم"]

    client_of(admin).post(reverse("crm:import_layout", args=[job.pk]), {"kind": "leads", "sheet": "مردم"})

    job.refresh_from_db()
    assert [column["heading"] for column in job.columns] == ["name", "phone"]


def test_known_leads_are_updated_and_the_history_keeps_the_old(bring_in: Upload, sara: User, admin: User) -> None:
    lead = make_lead("سارا", phone="+989121112233", company="آب", owner=sara)

    job = bring_in("name,phone,company,email\nسارا,09121112233,آب و برق,\nسارا,0912 111 2233,x,\n", "leads")

    assert counts(job) == (0, 1, 0, 1)
    assert job.options["noticed"] == {"doubles": 1}
    lead.refresh_from_db()
    assert (lead.company, lead.owner, lead.version) == ("آب و برق", sara, 2)
    edit = Edit.objects.get()
    assert (edit.values, edit.via, edit.batch, edit.by) == ({"company": ["آب", "آب و برق"]}, "import", job.batch, admin)


def test_what_is_known_by_can_be_chosen(bring_in: Upload) -> None:
    make_lead("سارا", phone="+989121112233", email="s@x.example")
    text = "name,phone,email\nمینا,09121112233,m@x.example\n"

    by_email = bring_in(text, "leads", match="email")
    nothing = bring_in(text, "leads", match="none")

    assert (counts(by_email), by_email.options["noticed"]) == ((1, 0, 0, 0), {"alike": 1})
    assert (counts(nothing), nothing.options["noticed"]) == ((1, 0, 0, 0), {"alike": 1})
    assert by_email.problems.get().rejects is False


def test_what_is_like_some_here_may_be_left_out(bring_in: Upload) -> None:
    make_lead("سارا", phone="+989121112233")

    job = bring_in("name,phone,email\nمینا,09121112233,m@x.example\n", "leads", match="email", alike="leave")

    assert counts(job) == (0, 0, 0, 1)
    assert Lead.objects.count() == 1


def test_one_in_the_bin_is_said_and_made_anew(bring_in: Upload) -> None:
    make_lead("سارا", phone="+989121112233", external_id="A1", deleted_at=NOW)

    job = bring_in("id,name,phone\nA1,سارا,09121112233\n", "leads")

    assert (counts(job), job.options["noticed"]) == ((1, 0, 0, 0), {"binned": 1})


def test_a_lead_without_a_name_is_called_by_what_it_has(bring_in: Upload) -> None:
    job = bring_in("prospect id,lead number,company,lead source\nX1,660737,,Google\nX2,,Acme,Google\nX3,,,\n", "leads")

    assert counts(job) == (3, 0, 0, 0)
    assert dict(Lead.objects.values_list("external_id", "name")) == {"X1": "سرنخ 660737", "X2": "Acme", "X3": "سرنخ X3"}


def test_states_are_matched_and_a_converted_one_gets_its_customer(upload: Upload, check: Upload, start: Upload) -> None:
    looked = check(upload("name,phone,converted\nA,09121112233,1\nB,09121112234,0\nC,09121112235,odd\n", "leads"))
    assert looked.options["statuses"] == {"1": "converted", "0": "new", "odd": ""}

    job = start(looked)

    kept = dict(Lead.objects.values_list("name", "status"))
    assert kept == {"A": LeadStatus.CONVERTED, "B": LeadStatus.NEW, "C": LeadStatus.NEW}
    made = Customer.objects.get()
    assert (made.name, made.phone, made.imported_in) == ("A", "+989121112233", job.batch)
    assert job.options["along"] == {"customers": 1}


def test_lines_in_quotation_marks_as_a_whole_are_opened(bring_in: Upload) -> None:
    job = bring_in('name,company,phone\n"Anna,""Bank, and More"",09121112233"\n', "leads")

    assert job.options["noticed"] == {"unwrapped": 1}
    lead = Lead.objects.get()
    assert (lead.name, lead.company) == ("Anna", "Bank, and More")


def test_own_fields_are_read_by_their_kind(bring_in: Upload) -> None:
    serves = KeyDecision.objects.earliest("slot")
    for slot, (key, kind, choices) in enumerate(
        [
            ("size", "number", []),
            ("budget", "money", []),
            ("since", "date", []),
            ("tier", "choice", ["طلایی", "نقره‌ای"]),
        ],
        1,
    ):
        CustomField.objects.create(
            entity="lead", slot=slot, key=key, label=key, kind=kind, choices=choices, serves=serves
        )

    job = bring_in(
        "name,phone,size,budget,since,tier\nA,09121112233,۱۲,۵,۱۴۰۵/۱/۱,طلایي\nB,09121112234,x,,99/99/99,چوبی\n",
        "leads",
        money_unit="rial",
    )

    first, second = Lead.objects.order_by("pk")
    assert first.custom == {"size": "12", "budget": "5", "since": "2026-03-21", "tier": "طلایی"}
    assert second.custom == {}
    assert [(row, column) for row, column, _value, _out in problems(job)] == [(3, "size"), (3, "since"), (3, "tier")]


@pytest.mark.parametrize(("unit", "amount"), [("rial", Decimal(500)), ("toman", Decimal(5000))])
def test_amounts_are_in_the_chosen_unit(bring_in: Upload, unit: str, amount: Decimal) -> None:
    bring_in("title,stage,amount\nPump,Engaging,500\n", "opportunities", money_unit=unit)

    assert Opportunity.objects.get().amount == amount


def test_contacts_find_their_customer_and_themselves(bring_in: Upload) -> None:
    customer = make_customer("فولاد کویر")
    known = make_contact(customer, "مریم رضایی")

    job = bring_in(
        "نام,مشتری,سمت,تلفن,تصمیم‌گیرنده\nمريم رضايي,فولادکویر,مدیر خرید,09121112233,بله\nعلی,ناشناس,,,\n", "contacts"
    )

    assert counts(job) == (1, 1, 0, 0)
    known.refresh_from_db()
    assert (known.title, known.phone, known.decides, known.name) == ("مدیر خرید", "+989121112233", True, "مریم رضایی")
    assert Contact.objects.get(name="علی").customer.name == "ناشناس"


def test_contacts_of_unknown_customers_may_stay_out(bring_in: Upload) -> None:
    job = bring_in("name,customer\nAli,Nobody\n", "contacts", unknown_customers="leave")

    assert (counts(job), Contact.objects.count(), Customer.objects.count()) == ((0, 0, 0, 1), 0, 0)


def test_interactions_hang_where_they_belong_and_come_in_once(bring_in: Upload, sara: User) -> None:
    customer, lead = make_customer("فولاد کویر"), make_lead("رامین", phone="+989121112233")
    deal = make_opportunity("پمپ", external_id="D1")
    text = (
        "subject,type,date,by,customer,lead,deal\n"
        "حرف زدیم,تماس,2026-11-02,سارا کریمی,فولاد كوير,,\n"
        "پیام داد,پیامک,2026-11-03,,,09121112233,\n"
        "دیدیم,odd,2026-11-04,,,,D1\n"
        "چه کسی,call,2026-11-04,,Nobody,,\n"
        "فردا,call,2026-12-04,,فولاد کویر,,\n"
    )

    job = bring_in(text, "interactions")

    assert counts(job) == (3, 0, 0, 2)
    told = Interaction.objects.order_by("happened_at").values_list(
        "sentence", "kind", "customer", "lead", "opportunity"
    )
    assert list(told) == [
        ("حرف زدیم", "call", customer.pk, None, None),
        ("پیام داد", "message", None, lead.pk, None),
        ("دیدیم", "note", deal.customer_id, None, deal.pk),
    ]
    assert Interaction.objects.get(sentence="حرف زدیم").by == sara
    lead.refresh_from_db()
    deal.refresh_from_db()
    assert (lead.status, deal.last_interaction_on) == (LeadStatus.CONTACTED, date(2026, 11, 4))
    assert lead.first_response_at == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)

    again = bring_in(text, "interactions")
    assert (counts(again), Interaction.objects.count()) == ((0, 0, 3, 2), 3)


def test_rejected_rows_come_back_in_their_own_dress_and_go_in_once_put_right(
    bring_in: Upload, client_of: ClientOf, admin: User, upload: Upload
) -> None:
    job = bring_in("نام;مشتري\nعلي;\nمينا;فولاد\n".encode("cp1256"), "contacts")
    assert counts(job) == (1, 0, 0, 1)

    response = client_of(admin).get(reverse("crm:import_rejects", args=[job.pk]))

    lines = response.content.decode("cp1256").splitlines()
    assert (len(lines), lines[0].split(";")[:2], lines[1].split(";")[:2]) == (2, ["نام", "مشتري"], ["علي", ""])
    assert lines[1].split(";")[2]

    put_right = response.content.decode("cp1256").replace("علي;;", "علي;فولاد;").encode("cp1256")
    second = upload(put_right, "contacts")
    # The mapping is remembered; the reason is left out.
    assert second.mapping == job.mapping
    assert counts(bring_in(put_right, "contacts")) == (1, 0, 0, 0)


def test_rejected_rows_of_a_workbook_are_a_workbook(bring_in: Upload, client_of: ClientOf, admin: User) -> None:
    book = openpyxl.Workbook()
    for row in (["name", "customer"], ["Ali", None], ["Mina", "Acme"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    job = bring_in(content.getvalue(), "contacts", "people.xlsx")

    response = client_of(admin).get(reverse("crm:import_rejects", args=[job.pk]))

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[:2] for row in rows] == [("name", "customer"), ("Ali", None)]


def test_records_out_of_sight_are_not_touched(
    client_of: ClientOf, nader: User, reza: User, acme: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """A manager with a team does not see reza's lead when the firm shows the team's only."""
    from members.models import Team

    nader.team = Team.objects.create(name="شمال", lead=nader)
    nader.save()
    reza.team = Team.objects.create(name="جنوب")
    reza.save()
    acme.visibility = "team"
    acme.save()
    lead = make_lead("سارا", phone="+989121112233", owner=reza)
    client = client_of(nader)
    file = SimpleUploadedFile("t.csv", b"name,phone,company\nX,09121112233,Stolen\n")

    client.post(reverse("crm:imports"), {"file": file, "kind": "leads"})
    job = ImportJob.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        posted = {"column-0": "name", "column-1": "phone", "column-2": "company"}
        client.post(reverse("crm:import_map", args=[job.pk]), posted)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("crm:import_start", args=[job.pk]))

    job.refresh_from_db()
    lead.refresh_from_db()
    assert (job.state, counts(job), job.options["noticed"]) == ("done", (0, 0, 0, 1), {"out_of_reach": 1})
    assert (lead.name, lead.company) == ("سارا", "")


def test_a_source_is_spelt_one_way(bring_in: Upload) -> None:
    make_lead("x", source="Google")

    bring_in("name,phone,source\nA,09121112233,google\nB,09121112234,وب سایت\nC,09121112235,وب‌سایت\n", "leads")

    assert list(Lead.objects.order_by("pk").values_list("source", flat=True)) == [
        "Google",
        "Google",
        "وب سایت",
        "وب سایت",
    ]
