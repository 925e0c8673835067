from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation

from config.navigation import shell
from members.models import Role, Theme, User
from tenants.models import Tenant


def asked(path: str, role: Role = Role.REP, **user: Any) -> Any:
    request: Any = RequestFactory().get(path)
    request.user = User(name="Sara", role=role, **user)
    request.tenant = Tenant(schema_name="acme", name="Acme")
    request.resolver_match = resolve(path)
    return request


def current(path: str) -> list[tuple[str, str]]:
    groups = shell(asked(path))["navigation"]
    return [(str(link.label), link.current) for group in groups for link in group.links if link.current]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/crm/customers/", [("Customers", "page")]),
        ("/crm/customer/", [("Customers", "true")]),
        ("/rituals/meeting/", [("Meetings", "true")]),
        ("/rituals/decisions/", [("Decision log", "page")]),
        ("/crm/search/", []),
    ],
)
def test_one_entry_is_current(path: str, expected: list[tuple[str, str]]):
    assert current(path) == expected


@pytest.mark.parametrize(("role", "seen"), [(Role.REP, False), (Role.EXECUTIVE, False), (Role.ADMIN, True)])
def test_workspace_is_for_admins(role: Role, seen: bool):
    labels = [link.label for group in shell(asked("/crm/today/", role))["navigation"] for link in group.links]
    assert ("Workspace" in labels) is seen


def test_bottom_bar_has_four_entries_beside_more():
    links = [link for group in shell(asked("/crm/today/"))["navigation"] for link in group.links if link.on_phone]
    assert [str(link.label) for link in links] == ["Today", "Customers", "Pipeline", "Meetings"]


def test_shortcut_letters_are_unique():
    links = [link for group in shell(asked("/crm/today/"))["navigation"] for link in group.links if link.shortcut]
    assert len({link.shortcut for link in links}) == len(links)


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
def test_language_and_direction(language: str, direction: str):
    with translation.override(language):
        frame = shell(asked("/crm/today/"))
    assert (frame["lang"], frame["dir"]) == (language, direction)


@pytest.mark.parametrize(("chosen", "shown"), [(Theme.DARK, "dark"), (Theme.LIGHT, "light"), (Theme.SYSTEM, "system")])
def test_theme_is_the_members(chosen: Theme, shown: str):
    assert shell(asked("/crm/today/", theme=chosen))["theme"] == shown


def test_bare_host_is_never_asked_for_a_user():
    request = asked("/crm/today/")
    request.tenant = Tenant(schema_name="public", name="")
    assert request.tenant.is_bare_host

    class Nobody:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"asked for user.{name}")

    request.user = Nobody()
    frame = shell(request)
    assert frame["theme"] == "system"
    assert [str(group.label) for group in frame["navigation"]] == ["Daily work", "Decide", "Health", "Settings"]
