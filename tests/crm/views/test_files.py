from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import Attachment
from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_attachment, make_case, make_customer, make_lead, make_opportunity

pytestmark = pytest.mark.django_db


def a_file(name: str = "قرارداد.pdf", content: bytes = b"%PDF-1.7") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_several_files_at_once_on_each_kind_of_record(sara: User, client_of: ClientOf) -> None:
    client = client_of(sara)
    records: dict[str, Any] = {
        "customer": make_customer(),
        "lead": make_lead(),
        "opportunity": make_opportunity(),
        "case": make_case(),
    }
    for kind, record in records.items():
        answer = client.post(f"/files/{kind}/{record.pk}/add/", {"uploads": [a_file("یک.pdf"), a_file("دو.html")]})
        assert answer.status_code == 303
        assert answer["Location"] == record.get_absolute_url()
        kept = Attachment.objects.filter(**{kind: record}).order_by("pk")
        assert [file.name for file in kept] == ["یک.pdf", "دو.html"]


def test_by_htmx_the_card_comes_back_with_the_file(sara: User, client_of: ClientOf) -> None:
    customer = make_customer()
    answer = client_of(sara).post(f"/files/customer/{customer.pk}/add/", {"uploads": [a_file()]}, headers=HTMX)
    assert answer.status_code == 200
    assert "<bdi>قرارداد.pdf</bdi>" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_too_large_empty_or_none_is_said_beside_the_field(sara: User, client_of: ClientOf, settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024**2
    client, url = client_of(sara), f"/files/customer/{make_customer().pk}/add/"
    large = client.post(url, {"uploads": [a_file(), a_file("بزرگ.zip", b"0" * (1024**2 + 1))]})
    assert large.status_code == 422
    assert "بزرگ.zip" in str(large.context["form"].errors["uploads"])
    assert client.post(url, {"uploads": [a_file("تهی.txt", b"")]}).status_code == 422
    assert client.post(url, {}).status_code == 422
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("نقشه.pdf", "application/pdf", "inline"),
        ("a.png", "image/png", "inline"),
        ("a.html", "application/octet-stream", "attachment"),
        ("a.svg", "application/octet-stream", "attachment"),
    ],
)
def test_what_could_carry_a_script_is_only_saved(
    name: str, kind: str, disposition: str, sara: User, client_of: ClientOf
) -> None:
    made = make_attachment(sara, name=name)
    answer: Any = client_of(sara).get(made.get_absolute_url())
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].split(";")[0] == disposition
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


def test_a_persian_name_travels_whole(sara: User, client_of: ClientOf) -> None:
    made = make_attachment(sara, name="پیش فاکتور.docx")
    answer = client_of(sara).get(made.get_absolute_url())
    list(answer)
    assert "filename*=utf-8''%D9%BE%DB%8C%D8%B4%20" in answer["Content-Disposition"]


def test_lost_bytes_are_not_found(sara: User, client_of: ClientOf) -> None:
    made = make_attachment(sara)
    Path(made.file.path).unlink()
    assert client_of(sara).get(made.get_absolute_url()).status_code == 404


def test_deleted_by_who_brought_it_or_a_manager(
    sara: User, reza: User, nader: User, leila: User, client_of: ClientOf
) -> None:
    customer = make_customer()
    first, second = make_attachment(sara, customer), make_attachment(sara, customer)
    for other in (reza, leila):
        assert client_of(other).post(f"/files/{first.pk}/delete/").status_code == 403
    assert client_of(sara).post(f"/files/{first.pk}/delete/").status_code == 303
    assert client_of(nader).post(f"/files/{second.pk}/delete/", headers=HTMX).status_code == 200
    assert Attachment.objects.count() == 0


def test_readers_do_not_add(leila: User, client_of: ClientOf) -> None:
    url = f"/files/customer/{make_customer().pk}/"
    assert client_of(leila).get(url).status_code == 200
    assert client_of(leila).post(f"{url}add/", {"uploads": [a_file()]}).status_code == 403


def test_unknown_kinds_are_not_found(sara: User, client_of: ClientOf) -> None:
    for kind in ("contact", "user", "x"):
        assert client_of(sara).get(f"/files/{kind}/1/").status_code == 404


def test_a_customer_shows_the_files_of_deals_and_cases_with_where_they_lie(sara: User, client_of: ClientOf) -> None:
    customer = make_customer()
    deal, case = make_opportunity(customer=customer), make_case(customer)
    own, of_deal, of_case = (make_attachment(sara, record) for record in (customer, deal, case))
    make_attachment(sara)
    rows = client_of(sara).get(f"/files/customer/{customer.pk}/").context["rows"]
    assert {row.file: row.about for row in rows} == {own: None, of_deal: deal, of_case: case}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]) -> None:
    customer = make_customer()
    for _row in range(rows):
        make_attachment(sara, customer)
        make_attachment(sara, make_case(customer))
    assert queries_of(client_of(sara), f"/files/customer/{customer.pk}/") == 3
