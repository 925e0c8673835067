"""System checks refuse in production what is only safe on one's own machine."""

from typing import Any

import pytest
from django.db import connection

from config import checks

SAFE: dict[str, Any] = {
    "PRODUCTION": True,
    "DEBUG": False,
    "DEMO": False,
    "SECRET_KEY": "kX2v9Qw7LrT5yUeN8bZc4MdGh6JsAfPo1iVtR0uE3qWzYxKl",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "BASE_DOMAIN": "tasmim.example",
}


@pytest.fixture(autouse=True)
def outside_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://there/db")
    monkeypatch.setenv("REDIS_URL", "redis://there")


@pytest.fixture
def production(settings):
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def found() -> list[str | None]:
    return [message.id for message in checks.production()]


def test_a_safe_production_passes(production):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("SECRET_KEY", "short", "tasmim.E001"),
        ("SECRET_KEY", "django-insecure-" + SAFE["SECRET_KEY"], "tasmim.E001"),
        ("SECRET_KEY", "a" * 60, "tasmim.E001"),
        ("DEMO", True, "tasmim.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "tasmim.E004"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "tasmim.E004"),
        ("BASE_DOMAIN", "localhost", "tasmim.E005"),
        ("DEBUG", True, "tasmim.E006"),
    ],
)
def test_each_unsafe_setting_is_named_with_a_remedy(production, name: str, value: object, number: str):
    setattr(production, name, value)
    assert found() == [number]
    assert all(message.hint for message in checks.production())


def test_embedded_servers_are_refused_in_production(production, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("REDIS_URL")
    assert found() == ["tasmim.E002"]


def test_on_ones_own_machine_all_of_it_is_fine(settings):
    settings.PRODUCTION, settings.DEMO, settings.DEBUG, settings.SECRET_KEY = False, True, True, "x"
    assert found() == []


@pytest.mark.django_db
def test_a_database_that_sees_persian_letters_passes():
    assert checks.persian_search(databases=["default"]) == []


@pytest.mark.django_db
def test_a_database_that_does_not_is_named():
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA blind")
        cursor.execute("CREATE FUNCTION blind.show_trgm(text) RETURNS text[] LANGUAGE sql AS $$ SELECT '{}'::text[] $$")
        cursor.execute("SET LOCAL search_path = blind, public")
    assert [message.id for message in checks.persian_search(databases=["default"])] == ["tasmim.W001"]


def test_without_a_database_in_the_call_it_is_not_asked():
    assert checks.persian_search(databases=None) == []
