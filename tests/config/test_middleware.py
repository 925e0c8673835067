"""Health addresses."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from config import middleware


@pytest.fixture
def anybody() -> Client:
    return Client(HTTP_HOST="10.1.2.3:8000")


def test_healthz_answers_on_any_host_without_a_database(anybody: Client):
    answer = anybody.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_says_yes(anybody: Client):
    answer = anybody.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "failing": []})


@pytest.mark.django_db
def test_readyz_names_a_missing_migration_of_one_tenant(anybody: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(middleware.CHECKS, "migrations", middleware.Migrations())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM globex.django_migrations WHERE app = 'crm'")
    answer = anybody.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "failing": ["migrations"]})


@pytest.mark.django_db
def test_readyz_names_a_cache_that_does_not_answer(anybody: Client, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(cache._cache, "_servers", ["redis://127.0.0.1:1/0"])  # type: ignore[attr-defined]
        patch.setattr(cache._cache, "_pools", {})  # type: ignore[attr-defined]
        patch.setattr(cache._cache, "_kept", {})  # type: ignore[attr-defined]
        answer = anybody.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "failing": ["cache"]})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("acme.localhost", 200), ("globex.localhost", 200), ("nobody.localhost", 404), ("", 404)],
)
def test_certificates_are_asked_for_existing_hosts_only(anybody: Client, host: str, status: int):
    assert anybody.get("/tls-allowed", {"domain": host}).status_code == status
