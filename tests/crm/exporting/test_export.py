"""Everything of a firm in one zip: what is in it, what never is, and who may fetch it."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django_tenants.utils import tenant_context

from crm.exporting import running
from crm.exporting.registry import tables
from crm.models import Attachment, ExportJob, ImportJob
from members.models import User
from tenants.models import Tenant
from tests.cast import NOW, ClientOf
from tests.factories.crm import make_contact, make_customer, make_interaction, make_lead, make_opportunity

pytestmark = pytest.mark.django_db


def ask(client_of: ClientOf, admin: User, capture: Any) -> ExportJob:
    with capture(execute=True):
        response = client_of(admin).post(reverse("crm:exports"))
    assert response.status_code == 302
    return ExportJob.objects.get()


def unzipped(job: ExportJob) -> dict[str, str]:
    with job.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_everything_is_in_it_and_opens_again(
    client_of: ClientOf, admin: User, sara: User, django_capture_on_commit_callbacks: Any
) -> None:
    customer = make_customer("فولاد کویر", owner=sara, phone="+982112345678")
    make_contact(customer, "مریم رضایی")
    deal = make_opportunity("پمپ", customer=customer, amount=1_000_000_000_000, owner=sara)
    make_interaction(sara, customer=customer, sentence="=cmd()")
    Attachment.objects.create(
        file=ContentFile(b"offer", "x.pdf"),
        name="offer.pdf",
        size=5,
        content_type="application/pdf",
        customer=customer,
        by=sara,
    )

    job = ask(client_of, admin, django_capture_on_commit_callbacks)

    assert (job.state, job.counts["customers"], job.counts["deals"], job.counts["interactions"]) == ("done", 1, 1, 1)
    files = unzipped(job)
    assert {f"{table.file}.csv" for table in tables()} <= set(files)
    told = rows(files["customers.csv"])[0]
    assert (told["name"], told["owner_id"], told["owner"], told["phone"]) == (
        "فولاد کویر",
        str(sara.pk),
        "سارا کریمی",
        "+982112345678",
    )
    assert rows(files["deals.csv"])[0]["amount"] == "1000000000000.00"
    assert rows(files["deals.csv"])[0]["customer_id"] == str(customer.pk)
    assert rows(files["deals.csv"])[0]["id"] == str(deal.pk)
    # A spreadsheet would run it.
    assert rows(files["interactions.csv"])[0]["sentence"] == "'=cmd()"
    attachment = Attachment.objects.get()
    assert files[f"files/{attachment.pk}-offer.pdf"] == "offer"
    assert "Acme" in files["README.txt"] or "customers.csv" in files["README.txt"]


def test_no_secret_and_nothing_of_another_firm_is_in_it(
    client_of: ClientOf, admin: User, sara: User, globex: Tenant, django_capture_on_commit_callbacks: Any
) -> None:
    with tenant_context(globex):
        make_lead("Zebulon Quark")
    make_lead("رامین")

    files = unzipped(ask(client_of, admin, django_capture_on_commit_callbacks))

    everything = "".join(files.values())
    assert "رامین" in files["leads.csv"]
    assert "Zebulon" not in everything
    assert sara.password not in everything
    assert not {"password", "token", "search", "sort_key"} & set(rows(files["members.csv"])[0])


def test_a_second_wish_gets_the_one_that_is_on_its_way(admin: User) -> None:
    first = running.ask(by=admin)

    assert running.ask(by=admin) == first
    assert ExportJob.objects.count() == 1


def test_a_task_that_comes_twice_makes_one_file(admin: User) -> None:
    job = running.ask(by=admin)
    running.make(job.pk)
    name = ExportJob.objects.get().file.name

    running.make(job.pk)

    assert ExportJob.objects.get().file.name == name


def test_only_admins_fetch_it(
    client_of: ClientOf, admin: User, nader: User, sara: User, django_capture_on_commit_callbacks: Any
) -> None:
    job = ask(client_of, admin, django_capture_on_commit_callbacks)
    url = reverse("crm:export_file", args=[job.pk])

    got: Any = client_of(admin).get(url)
    assert got.headers["Content-Disposition"] == 'attachment; filename="acme-2026-11-21.zip"'
    assert b"".join(got.streaming_content)[:2] == b"PK"
    for user in (nader, sara):
        assert client_of(user).get(url).status_code == 403
        assert client_of(user).get(reverse("crm:exports")).status_code == 403


@pytest.mark.parametrize(("days", "kept"), [(7, True), (8, False)])
def test_it_is_deleted_after_seven_days(admin: User, days: int, kept: bool) -> None:
    job = running.ask(by=admin)
    running.make(job.pk)
    job.refresh_from_db()
    storage, name = job.file.storage, str(job.file.name)

    running.delete_old(now=NOW + timedelta(days=days))

    job.refresh_from_db()
    assert (bool(job.file), storage.exists(name)) == (kept, kept)


def test_old_uploads_lose_their_rows(admin: User) -> None:
    from crm.importing import running as imports

    job = imports.accept(content="نام,شهر,تلفن\nسارا,یزد,0912\n".encode(), name="a.csv", kind="customers", by=admin)
    storage, name = job.file.storage, str(job.file.name)

    running.delete_old(now=NOW + timedelta(days=32))

    kept = ImportJob.objects.get()
    assert (storage.exists(name), kept.file.name) == (False, "")
    assert "سارا" not in json.dumps(kept.columns, ensure_ascii=False)
