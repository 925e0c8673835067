from datetime import UTC, date, datetime

import pytest
from celery import shared_task
from django.db import transaction
from django_tenants.utils import tenant_context
from kombu.exceptions import OperationalError

from l10n.current import current
from members.models import User
from tenants import schema
from tenants.celery import HEADER, NoTenant
from tenants.models import Tenant

pytestmark = pytest.mark.django_db

seen: list[tuple[str, str, int]] = []


@shared_task
def look_around() -> None:
    seen.append((schema.current_schema(), current().language, User.objects.count()))


@shared_task(public=True)
def look_around_outside() -> None:
    seen.append((schema.current_schema(), "", 0))


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


def test_a_task_runs_in_the_firm_it_was_sent_from(acme: Tenant, globex: Tenant, sara: User) -> None:
    look_around.delay()
    with tenant_context(globex):
        look_around.delay()
    assert seen == [("acme", "fa", 1), ("globex", "en", 0)]
    assert schema.current_schema() == "acme"


def test_the_header_decides(globex: Tenant, sara: User) -> None:
    look_around.apply_async(headers={HEADER: "globex"})
    assert seen == [("globex", "en", 0)]


def test_a_task_sent_at_the_commit_remembers_its_firm(globex: Tenant, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with tenant_context(globex):
            look_around.delay_on_commit()
        schema.enter_public()
    assert seen == [("globex", "en", 0)]


def test_without_a_firm_nothing_is_sent(acme: Tenant) -> None:
    schema.enter_public()
    with pytest.raises(NoTenant):
        look_around.delay()
    assert seen == []


@pytest.mark.parametrize("header", ["public", "ghost"])
def test_without_a_firm_nothing_runs(acme: Tenant, header: str) -> None:
    with pytest.raises((NoTenant, Tenant.DoesNotExist)):
        look_around.apply_async(headers={HEADER: header})
    assert seen == []


def test_a_firm_whose_schema_is_gone_gets_nothing_done(acme: Tenant) -> None:
    schema.enter_public()
    Tenant(schema_name="ghost", name="Ghost").save()
    with pytest.raises(NoTenant):
        look_around.apply_async(headers={HEADER: "ghost"})
    assert seen == []


def test_a_public_task_runs_outside_of_every_firm(acme: Tenant) -> None:
    look_around_outside.delay()
    assert seen == [("public", "", 0)]
    assert schema.current_schema() == "acme"


def test_a_missing_broker_after_the_commit_is_logged_only(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    def no_broker(*args: object, **options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(look_around, "apply_async", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        look_around.delay_on_commit()
    assert seen == []


def test_today_is_the_firms_own(acme: Tenant, globex: Tenant) -> None:
    from tenants import clock

    with clock.stopped_at(datetime(2026, 11, 21, 21, 0, tzinfo=UTC)):
        assert (acme.today(), globex.today()) == (date(2026, 11, 22), date(2026, 11, 21))
