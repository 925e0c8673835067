"""The way of a file through the page, step by step."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import ImportJob, Stage
from members.models import User
from tests.cast import ClientOf
from tests.crm.importing.flow import Upload
from tests.factories.crm import make_stages


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


@pytest.fixture
def upload(client_of: ClientOf, admin: User, stages: list[Stage]) -> Upload:
    """Uploads a table through the page and returns the job."""

    def send(text: str | bytes, kind: str = "", name: str = "table.csv") -> ImportJob:
        content = text.encode() if isinstance(text, str) else text
        file = SimpleUploadedFile(name, content, "text/csv")
        response = client_of(admin).post(reverse("crm:imports"), {"file": file, "kind": kind})
        job = ImportJob.objects.latest("pk")
        assert (response.status_code, response.headers["Location"]) == (302, job.get_absolute_url())
        return job

    return send


@pytest.fixture
def check(client_of: ClientOf, admin: User, django_capture_on_commit_callbacks: Any) -> Upload:
    """Sends the columns as they are proposed, with changes, and returns the checked job."""

    def send(job: ImportJob, **changed: Any) -> ImportJob:
        posted: dict[str, Any] = {
            f"column-{place}": job.mapping.get(column["heading"], "") for place, column in enumerate(job.columns)
        }
        with django_capture_on_commit_callbacks(execute=True):
            response = client_of(admin).post(reverse("crm:import_map", args=[job.pk]), {**posted, **changed})
        assert response.status_code == 303, response.content.decode()
        job.refresh_from_db()
        return job

    return send


@pytest.fixture
def start(client_of: ClientOf, admin: User, django_capture_on_commit_callbacks: Any) -> Upload:
    def send(job: ImportJob) -> ImportJob:
        with django_capture_on_commit_callbacks(execute=True):
            client_of(admin).post(reverse("crm:import_start", args=[job.pk]))
        job.refresh_from_db()
        return job

    return send


@pytest.fixture
def bring_in(upload: Upload, check: Upload, start: Upload) -> Upload:
    def through(text: str | bytes, kind: str = "", name: str = "table.csv", **changed: Any) -> ImportJob:
        return start(check(upload(text, kind, name), **changed))

    return through
