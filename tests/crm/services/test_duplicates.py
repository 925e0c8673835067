import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Contact, Customer, Lead, LeadStatus
from crm.services.duplicates import alike
from members.models import User
from tenants import schema
from tenants.models import Tenant
from tests.cast import NOW, ClientOf
from tests.factories.crm import make_contact, make_customer, make_lead

pytestmark = pytest.mark.django_db
PHONE = "+989121234567"


def found(user: User, **typed: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.record.name, tuple(why.value for why in one.why)) for one in alike(user, **typed)]


def test_by_phone_e_mail_and_name_in_all_kinds(sara: User) -> None:
    make_customer("پتروشیمی کاوه", phone=PHONE)
    make_contact(name="رضا کاوه", email="r@kaveh.example")
    make_lead("مریم راد", phone=PHONE, email="m@rad.example")
    assert found(sara, phone=PHONE) == [("پتروشیمی کاوه", ("phone",)), ("مریم راد", ("phone",))]
    assert found(sara, email="r@kaveh.example") == [("رضا کاوه", ("email",))]
    assert found(sara, name="پتروشيمي‌ كاوه") == [("پتروشیمی کاوه", ("name",))]
    assert found(sara, name="مریم‌راد", phone=PHONE) == [("مریم راد", ("phone", "name")), ("پتروشیمی کاوه", ("phone",))]


def test_with_or_without_the_word_for_firm(sara: User) -> None:
    make_customer("شرکت فولاد البرز")
    make_customer("نساجی یزد")
    assert found(sara, name="فولاد البرز") == [("شرکت فولاد البرز", ("name",))]
    assert found(sara, company="شرکت نساجی یزد") == [("نساجی یزد", ("name",))]
    assert found(sara, name="شرکت") == found(sara, name="ف") == found(sara) == []


def test_dropped_leads_and_what_one_does_not_see_are_left_out(sara: User, reza: User) -> None:
    make_lead("مریم", status=LeadStatus.DROPPED)
    make_lead("مریم", owner=reza)
    assert len(found(sara, name="مریم")) == 1
    Tenant.objects.filter(schema_name="acme").update(visibility="own")
    schema.enter(Tenant.objects.get(schema_name="acme"))
    assert found(sara, name="مریم") == []


def test_many_records_are_not_read_one_by_one(sara: User) -> None:
    many = range(4000)
    Customer.objects.bulk_create(Customer(name=f"مشتری {n}", phone=f"+9821{n:07}") for n in many)
    Lead.objects.bulk_create(Lead(name=f"سرنخ {n}", email=f"l{n}@example.com", captured_at=NOW) for n in many)
    first = Customer.objects.first()
    Contact.objects.bulk_create(Contact(customer=first, name=f"فرد {n}", phone=f"+9891{n:07}") for n in many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_customer; ANALYZE crm_lead; ANALYZE crm_contact")
        # Reading 4,000 rows is still cheaper than six look-ups; with 100,000 it is not.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    with CaptureQueriesContext(connection) as queries:
        assert found(sara, name="مشتری ۷۷", phone="+989121234567", email="r@kaveh.example") == [("مشتری 77", ("name",))]
    assert len(queries) == 3
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert [index in plan for index in ("_phone", "_email", "_search", "Seq Scan")] == [True, True, True, False], (
            plan
        )


def test_the_fragment_warns_with_links_and_reasons(sara: User, leila: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه", phone=PHONE)
    client = client_of(sara)
    page = client.get("/known-already/", {"name": "كاوه", "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷"}).content.decode()
    assert (customer.get_absolute_url() in page, "همان تلفن · همان نام" in page) == (True, True)
    assert client.get("/known-already/", {"phone": "۰۹۱۲", "email": "نشد"}).content.decode().strip() == ""
    assert client_of(leila).get("/known-already/").status_code == 403
    for url in ("/leads/new/", "/customers/new/", f"/customers/{customer.pk}/contacts/new/"):
        assert 'id="known-already"' in client.get(url).content.decode(), url
    assert 'id="known-already"' not in client.get(f"/customers/{customer.pk}/edit/").content.decode()
