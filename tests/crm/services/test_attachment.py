from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import Attachment, Customer
from crm.services import attachment as services
from members.models import User
from tests.cast import NOW
from tests.factories.crm import make_attachment, make_case, make_customer

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sara\\فاکتور.pdf", "فاکتور.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("نامه\u2066\u2069 ۱.docx", "نامه ۱.docx"),
        ("پیش\u200cفاکتور.pdf", "پیش\u200cفاکتور.pdf"),
        ("\u202e\u200f", "file"),
        ("", "file"),
    ],
)
def test_names_are_safe_to_show(sent: str, kept: str) -> None:
    assert services.safe_name(sent) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = services.safe_name("ا" * 300 + ".xlsx")
    assert (len(name), name[-5:]) == (200, ".xlsx")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PDF", "application/pdf"),
        ("a.html", "application/octet-stream"),
        ("a.svg", "application/octet-stream"),
        ("a.pdf.exe", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("a.jpeg", "image/jpeg"),
    ],
)
def test_only_pictures_and_pdfs_are_shown(name: str, kind: str) -> None:
    assert services.type_of(name) == kind


def test_the_bytes_lie_in_the_firms_folder_under_a_name_of_ours(sara: User) -> None:
    case = make_case()
    made = make_attachment(sara, case, "نقشه.pdf")
    path = Path(made.file.path)
    assert path.parts[-5:-1] == ("acme", "attachments", "2026", "11")
    assert (len(path.name), path.read_bytes()) == (32, b"%PDF-1.7")
    assert (made.name, made.size, made.content_type) == ("نقشه.pdf", 8, "application/pdf")
    assert (made.by, made.at, made.case, made.customer) == (sara, NOW, case, None)


def test_the_bytes_go_with_the_row_once_that_is_certain(
    sara: User, django_capture_on_commit_callbacks: Commits
) -> None:
    made = make_attachment(sara)
    path = Path(made.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove(made)
        assert path.exists()
    assert not path.exists()


def test_the_bytes_go_with_the_record_too(sara: User, django_capture_on_commit_callbacks: Commits) -> None:
    customer = make_customer()
    path = Path(make_attachment(sara, customer).file.path)
    with django_capture_on_commit_callbacks(execute=True):
        Customer.with_binned.filter(pk=customer.pk).delete()
    assert (Attachment.objects.count(), path.exists()) == (0, False)


def test_a_full_disk_keeps_nothing_and_loses_no_record(sara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two files does not fit: the first goes too, and the customer stands."""
    customer = make_customer()
    real: Any = FileSystemStorage._save  # type: ignore[attr-defined]
    written: list[Path] = []

    def full(storage: FileSystemStorage, name: str, content: Any) -> Any:
        if written:
            raise OSError(28, "No space left on device")
        written.append(Path(storage.path(name)))
        return real(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    files = [SimpleUploadedFile("a.txt", b"1"), SimpleUploadedFile("b.txt", b"2")]
    with pytest.raises(services.NotStored):
        services.attach(files, record=customer, by=sara)
    assert (Attachment.objects.count(), [path.exists() for path in written]) == (0, [False])
    assert Customer.objects.filter(pk=customer.pk).exists()
