"""What leaves a request carries its firm: tasks, cached values, sessions, mails, printed minutes."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from config.celery import app
from members.models import Role, User
from members.services import invitations
from rituals.models import MeetingState, Minutes
from rituals.services import minutes
from rituals.tasks import print_minutes
from tenants.celery import TenantTask
from tenants.context import inside
from tenants.models import Tenant
from tests.cast import NOW, ClientOf, FirmClient
from tests.factories.rituals import make_meeting

pytestmark = pytest.mark.django_db
# Below every one of them lies a firm that they look for themselves.
PUBLIC = {"crm.tasks.tick_clocks", "tenants.tasks.nightly_tick", "tenants.tasks.provision"}


def test_every_task_is_for_one_firm_except_those_that_look_for_firms() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests.", "test_"))}
    assert len(ours) >= 8
    assert {name for name, task in ours.items() if not isinstance(task, TenantTask)} == set()
    assert {name for name, task in ours.items() if task.public} == PUBLIC


def test_a_cached_value_stays_in_its_firm(acme: Tenant, globex: Tenant) -> None:
    cache.set("score", 71)
    with inside(globex):
        assert cache.get("score") is None
        cache.set("score", 34)
    assert cache.get("score") == 71


def test_a_session_opens_one_firm_only(sara: User, gabe: User, client_of: ClientOf) -> None:
    """Both firms have a user of this id; the cookie of one is nothing to the other."""
    client = client_of(sara)
    assert client.get("/people/").status_code == 200
    stranger = FirmClient(HTTP_HOST="globex.localhost")
    stranger.cookies = SimpleCookie({"sessionid": client.cookies["sessionid"].value})
    answer = stranger.get("/people/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_an_invitation_leads_to_the_host_of_its_firm(
    acme: Tenant, globex: Tenant, admin: User, grace: User, django_capture_on_commit_callbacks: Any
) -> None:
    for tenant, by in ((acme, admin), (globex, grace)):
        with inside(tenant), django_capture_on_commit_callbacks(execute=True):
            invitations.invite(email="new@person.example", name="", role=Role.REP, team=None, by=by, now=NOW)
    links = [[word for word in message.body.split() if word.startswith("http")] for message in mail.outbox]
    assert [[link.split("/")[2].split(":")[0] for link in found] for found in links] == [
        ["acme.localhost"],
        ["globex.localhost"],
    ]


def test_minutes_of_the_same_number_are_printed_for_the_firm_that_sent_them(
    acme: Tenant, globex: Tenant, admin: User, grace: User
) -> None:
    for tenant, by in ((acme, admin), (globex, grace)):
        with inside(tenant):
            meeting = make_meeting(state=MeetingState.CLOSED)
            content = minutes.content_of(meeting)
            Minutes.objects.create(pk=901, meeting=meeting, version=1, content=content, issued_at=NOW, issued_by=by)
    with inside(globex):
        print_minutes.delay(901)
        printed = Minutes.objects.get(pk=901).pdf
        assert printed is not None
        assert bytes(printed).startswith(b"%PDF-")
    with inside(acme):
        assert Minutes.objects.get(pk=901).pdf is None
