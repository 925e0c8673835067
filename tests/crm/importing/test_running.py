"""What happens when a worker dies, runs twice, or meets what it did not expect."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from crm import tasks
from crm.importing import hold, running, working
from crm.models import ImportJob, ImportState, Opportunity
from members.models import User
from tenants import clock
from tests.cast import NOW, ClientOf
from tests.factories.crm import make_stages

DEALS = b"id,deal,stage,amount\nA1,Pump,won,100\nA2,Valve,engaging,x\n"


@pytest.fixture
def job(admin: User) -> ImportJob:
    make_stages()
    job = running.accept(content=DEALS, name="deals.csv", kind="", by=admin)
    job.state, job.started_at = ImportState.RUNNING, NOW
    job.save()
    return job


@pytest.mark.django_db
def test_a_task_that_comes_twice_works_once(job: ImportJob) -> None:
    tasks.run_import.delay(job.pk)
    first = Opportunity.objects.count()
    tasks.run_import.delay(job.pk)

    job.refresh_from_db()
    assert (job.state, job.created, first, Opportunity.objects.count()) == ("done", 2, 2, 2)


@pytest.mark.django_db
def test_an_unexpected_error_writes_nothing_and_is_said(job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("crm.importing.deal_writer.copy_changes", breaks)
    with pytest.raises(RuntimeError):
        working.run(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure
    assert "fire" not in job.failure
    assert not Opportunity.objects.exists()


@pytest.mark.django_db
def test_a_collision_fails_kindly_and_may_be_started_again(job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def collides(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError

    with monkeypatch.context() as patched:
        patched.setattr("crm.importing.deal_writer.copy_changes", collides)
        working.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure
    assert not Opportunity.objects.exists()

    running.start(job)
    working.run(job.pk)

    job.refresh_from_db()
    assert (job.state, Opportunity.objects.count()) == ("done", 2)


@pytest.mark.django_db
def test_a_lost_file_is_said(job: ImportJob) -> None:
    job.file.delete(save=False)

    working.run(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure


@pytest.mark.django_db
def test_a_done_job_does_not_start_again(job: ImportJob) -> None:
    working.run(job.pk)

    with pytest.raises(running.StillRunning):
        running.start(job)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "left_behind"), [(19, False), (21, True)])
def test_the_page_says_when_nobody_works_on_it(
    job: ImportJob, client_of: ClientOf, admin: User, seconds: int, left_behind: bool
) -> None:
    with clock.stopped_at(NOW + timedelta(seconds=seconds)):
        page = client_of(admin).get(job.get_absolute_url())

    assert page.context["page"].left_behind is left_behind
    assert (reverse("crm:import_start", args=[job.pk]) in page.content.decode()) is left_behind


@pytest.mark.django_db
def test_the_progress_fragment_sends_a_finished_job_on(job: ImportJob, client_of: ClientOf, admin: User) -> None:
    url, htmx = reverse("crm:import_progress", args=[job.pk]), {"HX-Request": "true"}
    client = client_of(admin)
    running_page = client.get(url, headers=htmx).content.decode()
    assert "<progress" in running_page
    assert "<html" not in running_page

    working.run(job.pk)

    assert client.get(url, headers=htmx).headers["HX-Redirect"] == job.get_absolute_url()
    assert client.get(url).headers["Location"] == job.get_absolute_url()


@pytest.fixture
def elsewhere(job: ImportJob) -> Iterator[psycopg.Connection[Any]]:
    """Another worker's connection."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
        options="-c search_path=acme",
    ) as other:
        yield other


@pytest.mark.django_db(transaction=True)
def test_a_job_in_another_workers_hands_is_left_alone(job: ImportJob, elsewhere: psycopg.Connection[Any]) -> None:
    elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", hold.key(job.pk))

    assert hold.is_held(job.pk)
    working.run(job.pk)
    assert not Opportunity.objects.exists()
    with pytest.raises(running.StillRunning):
        running.start(job)

    elsewhere.close()  # as the system does when a worker is killed
    assert not hold.is_held(job.pk)
    working.run(job.pk)
    assert Opportunity.objects.count() == 2
