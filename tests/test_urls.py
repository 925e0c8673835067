"""Every address, on a firm's host and on the bare one, says who may use it and by which method."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver

from members.access import Role

pytestmark = pytest.mark.django_db
URLCONFS = [settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF, "tenants.urls_unknown"]


def patterns(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    yield from walk(import_module(urlconf).urlpatterns, "")


def walk(found: list[Any], namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in found:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, inner)
        else:
            yield f"{namespace}{entry.name}", entry


def marked(view: Callable[..., Any]) -> bool:
    allowed = getattr(view, "allowed_roles", None)
    reason = getattr(view, "open_to_all", "")
    return bool(allowed) and allowed <= set(Role) if allowed is not None else len(reason) > 10


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_view_names_who_may_use_it(urlconf: str) -> None:
    unmarked = [name for name, pattern in patterns(urlconf) if not marked(pattern.callback)]
    assert unmarked == []


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_no_view_is_both_open_and_for_roles(urlconf: str) -> None:
    both = [
        name
        for name, pattern in patterns(urlconf)
        if getattr(pattern.callback, "open_to_all", "") and getattr(pattern.callback, "allowed_roles", ())
    ]
    assert both == []


@pytest.mark.parametrize("urlconf", URLCONFS[:2])
def test_every_address_has_a_name_of_its_own(urlconf: str) -> None:
    names = [name for name, _pattern in patterns(urlconf)]
    assert [name for name in names if name.endswith("None")] == []
    assert sorted(names) == sorted(set(names))


def path_of(pattern: URLPattern) -> dict[str, object]:
    samples: dict[str, object] = {"int": 1, "str": "x", "slug": "x", "uuid": "0" * 32, "path": "x"}
    kinds = {name: type(converter).__name__ for name, converter in pattern.pattern.converters.items()}
    return {name: samples.get(kind.removesuffix("Converter").lower(), "x") for name, kind in kinds.items()}


def test_views_behind_the_log_in_really_send_strangers_to_it(visitor) -> None:
    """The mark alone proves nothing: a visitor without log-in is turned away from each of them."""
    from django.urls import reverse

    let_in = []
    for name, pattern in patterns(settings.ROOT_URLCONF):
        if getattr(pattern.callback, "open_to_all", ""):
            continue
        address = reverse(name, kwargs=path_of(pattern))
        answers = [visitor.get(address), visitor.post(address)]
        known = [answer for answer in answers if answer.status_code != 405]
        if not known or any(not answer.get("Location", "").startswith("/accounts/login/") for answer in known):
            let_in.append((address, [answer.status_code for answer in answers]))
    assert let_in == []


@pytest.mark.parametrize("role", list(Role))
def test_roles_are_turned_away_where_they_have_no_business(role: Role, acme, client_of) -> None:
    """403, before the object is even looked for."""
    from django.urls import reverse

    user = get_user_model().objects.create_user("somebody@acme.example", name="Somebody", role=role)
    client = client_of(user)
    let_in = []
    for name, pattern in patterns(settings.ROOT_URLCONF):
        allowed = getattr(pattern.callback, "allowed_roles", None)
        if allowed is None or role in allowed:
            continue
        address = reverse(name, kwargs=path_of(pattern))
        if (code := client.post(address).status_code) not in {403, 405}:
            let_in.append((address, code))
    assert let_in == []
