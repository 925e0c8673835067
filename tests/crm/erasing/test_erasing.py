"""Erasing a person on request: nothing in the whole schema speaks of it afterwards, and the sums stay."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django_tenants.utils import tenant_context

from crm.importing import running as imports
from crm.models import (
    Attachment,
    Contact,
    Customer,
    Edit,
    Erasure,
    ImportJob,
    Interaction,
    Lead,
    NextStep,
    Opportunity,
)
from crm.services import customer as customers
from crm.services import erasing
from members.models import User
from tenants.models import Tenant
from tests.cast import ClientOf
from tests.factories.crm import (
    make_contact,
    make_customer,
    make_interaction,
    make_lead,
    make_next_step,
    make_opportunity,
)

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "پرستو نیک‌نژاد", "+989121112233", "parastoo@nik.example"
WAYS = (NAME, PHONE, EMAIL, "09121112233", "۰۹۱۲۱۱۱۲۲۳۳")


def spoken_of(words: tuple[str, ...] = WAYS) -> set[str]:
    """Table.column wherever any text of the open schema holds one of the words."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
                if cursor.fetchone():
                    found.add(f"{table}.{column}")
    return found


@pytest.fixture
def person(sara: User, admin: User) -> Customer:
    """A customer who is a person, with all that hangs on her: lead, deal, talk, step, file, edits, an upload."""
    customer = make_customer(NAME, phone=PHONE, email=EMAIL, owner=sara, note=f"{NAME} is tall")
    make_lead(NAME, phone=PHONE, email=EMAIL)
    deal = make_opportunity(f"خرید {NAME}", customer=customer, amount=Decimal(500), owner=sara)
    make_interaction(sara, customer=customer, sentence=f"با {NAME} روی 09121112233 حرف زدیم")
    make_interaction(sara, sentence=f"{NAME} را معرفی کرد")
    make_next_step(sara, opportunity=deal, what=f"به {NAME} زنگ بزن")
    customers.change(customer, values={"note": f"{NAME} moved"}, by=sara)
    Attachment.objects.create(
        file=ContentFile(b"passport", "p.pdf"),
        name=f"{NAME}.pdf",
        size=8,
        content_type="application/pdf",
        customer=customer,
        by=sara,
    )
    imports.accept(content=f"نام,تلفن,شهر\n{NAME},{PHONE},یزد\n".encode(), name="old.csv", kind="customers", by=admin)
    return customer


def test_nothing_in_the_schema_speaks_of_the_person_afterwards(person: Customer, admin: User) -> None:
    assert "crm_edit.values" in spoken_of()
    assert "crm_importjob.columns" in spoken_of()
    assert Edit.objects.filter(record_id=person.pk).count() == 1

    erasing.erase(person, by=admin, request="نامهٔ ۱۲")

    assert spoken_of() == set()
    assert not Edit.objects.exists()


def test_the_sums_stay(person: Customer, admin: User) -> None:
    before = (Opportunity.objects.count(), Interaction.objects.count(), NextStep.objects.count(), Lead.objects.count())

    erasing.erase(person, by=admin, request="12")

    after = (Opportunity.objects.count(), Interaction.objects.count(), NextStep.objects.count(), Lead.objects.count())
    assert after == before
    deal = Opportunity.objects.get()
    assert (deal.amount, deal.customer_id, deal.title) == (Decimal(500), person.pk, f"خرید {erasing.erased()}")
    assert Customer.objects.get(pk=person.pk).name == erasing.erased()


def test_files_go_from_the_disk_too(
    person: Customer, admin: User, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    file, upload = Attachment.objects.get().file, ImportJob.objects.get().file

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erasing.erase(person, by=admin, request="12")

    assert not file.storage.exists(str(file.name))
    assert not upload.storage.exists(str(upload.name))
    assert not Attachment.objects.exists()


def test_others_of_the_same_name_stay(person: Customer, admin: User) -> None:
    other = make_contact(make_customer("فولاد کویر"), NAME, phone="+989350000000")

    erasing.erase(person, by=admin, request="12")

    assert Contact.objects.get(pk=other.pk).name == NAME


def test_search_finds_the_person_no_more(person: Customer, admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    assert NAME in client.get(reverse("crm:customers"), {"q": NAME}).content.decode()

    erasing.erase(person, by=admin, request="12")

    assert f"/customers/{person.pk}/" not in client.get(reverse("crm:customers"), {"q": NAME}).content.decode()


def test_an_erasure_says_who_and_why_but_not_whom(person: Customer, admin: User) -> None:
    erasing.erase(person, by=admin, request="نامهٔ ۱۲")

    assert sorted(Erasure.objects.values_list("entity", "request", "by")) == [
        ("customer", "نامهٔ ۱۲", admin.pk),
        ("lead", "نامهٔ ۱۲", admin.pk),
    ]


def test_without_a_reference_nothing_happens(person: Customer, admin: User, client_of: ClientOf) -> None:
    url = reverse("crm:customer_erase", args=[person.pk])

    assert client_of(admin).post(url, {"request": " ", "sure": "on"}).status_code == 422
    assert client_of(admin).post(url, {"request": "12"}).status_code == 422
    with pytest.raises(erasing.ReferenceNeeded):
        erasing.erase(person, by=admin, request="  ")
    assert Customer.objects.get(pk=person.pk).name == NAME


def test_the_page_shows_what_goes_and_does_it(person: Customer, admin: User, client_of: ClientOf) -> None:
    client, url = client_of(admin), reverse("crm:customer_erase", args=[person.pk])

    look = client.get(url).context["look"]
    assert (len(look.people), look.interactions, look.steps, look.files, look.edits, look.uploads, look.deals) == (
        2,
        1,
        1,
        1,
        1,
        1,
        1,
    )

    assert client.post(url, {"request": "12", "sure": "on"}).status_code == 303
    assert spoken_of() == set()


def test_only_admins_erase(person: Customer, client_of: ClientOf, nader: User, sara: User, gina: User) -> None:
    url = reverse("crm:customer_erase", args=[person.pk])
    for user in (nader, sara):
        assert client_of(user).get(url).status_code == 403


def test_another_firm_keeps_its_own(person: Customer, admin: User, globex: Tenant) -> None:
    with tenant_context(globex):
        make_lead(NAME, phone=PHONE)

    erasing.erase(person, by=admin, request="12")

    with tenant_context(globex):
        assert Lead.objects.get().name == NAME


def test_history_stays_closed_outside_an_erasure(person: Customer) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Edit.objects.update(values={})
