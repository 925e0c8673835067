"""One firm never reaches a byte of another: objects by id, sessions, cached values, files, tasks."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, reverse
from django_tenants.utils import tenant_context

from members.models import Role, User
from tenants import schema
from tenants.models import Tenant
from tests.cast import ClientOf, join
from tests.isolation_objects import OBJECTS
from tests.test_urls import patterns

pytestmark = pytest.mark.django_db


def is_about_an_object(pattern: URLPattern) -> bool:
    """The kind of a list alone names no object."""
    return bool(set(pattern.pattern.converters) - {"kind"}) and not getattr(pattern.callback, "open_to_all", "")


ADDRESSES = {name: pattern for name, pattern in patterns(settings.ROOT_URLCONF) if is_about_an_object(pattern)}


def factory_of(name: str) -> str:
    fitting = [start for start in OBJECTS if name == start or name.startswith(f"{start}_")]
    return max(fitting, key=len, default="")


def test_every_address_with_an_id_has_its_object() -> None:
    assert [name for name in ADDRESSES if not factory_of(name)] == []


def a_member(tenant: Tenant, role: Role) -> User:
    return join(tenant, f"asker@{tenant.schema_name}.example", "Asker", role)


def ask(client: Client, address: str, posted: dict[str, Any]) -> list[int]:
    """What GET and POST answer; the one that the address does not know is left out."""
    answers = (client.get(address), client.post(address, posted))
    for answer in answers:
        # The client closes a stream, and with it the file, at its end only.
        list(answer)
    return [answer.status_code for answer in answers if answer.status_code != 405]


@pytest.mark.parametrize("name", ADDRESSES)
def test_another_firms_object_is_not_found(name: str, acme: Tenant, globex: Tenant, client_of: ClientOf) -> None:
    pattern = ADDRESSES[name]
    made = OBJECTS[factory_of(name)]()
    address = reverse(name, kwargs={key: made[key] for key in pattern.pattern.converters})
    allowed: frozenset[Role] = getattr(pattern.callback, "allowed_roles", frozenset())
    role = next(role for role in (Role.ADMIN, Role.MANAGER, *Role) if role in allowed)
    posted = made.get("posted", {})

    assert set(ask(client_of(a_member(globex, role)), address, posted)) == {404}
    # The object is there: it is the firm that makes the difference.
    asker = made.get("asker") or a_member(acme, role)
    assert ask(client_of(asker), address, posted)[0] != 404


def test_files_lie_in_the_firms_own_folder(acme: Tenant, globex: Tenant) -> None:
    kept = default_storage.save("note.txt", ContentFile(b"acme's"))
    path = Path(default_storage.path(kept))
    assert path == Path(settings.MEDIA_ROOT, "acme", kept)
    with tenant_context(globex):
        assert not default_storage.exists(kept)
    default_storage.delete(kept)
    assert not path.exists()


def test_a_users_id_means_another_person_in_another_firm(acme: Tenant, globex: Tenant) -> None:
    mine = User.objects.create_user("one@acme.example", name="One", pk=77)
    with tenant_context(globex):
        theirs = User.objects.create_user("two@globex.example", name="Two", pk=77)
        assert User.objects.get(pk=77).email == theirs.email
    assert User.objects.get(pk=77).email == mine.email
    assert schema.current_schema() == "acme"
