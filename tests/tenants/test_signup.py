"""Signing up on the bare host, up to the first log-in on the new one."""

from datetime import timedelta
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import schema_exists, tenant_context
from kombu.exceptions import OperationalError

from members.models import User
from tenants import clock, provisioning_hooks, schema, tasks
from tenants.models import Provisioning, Tenant
from tenants.services import signup as service
from tests.cast import NOW, PASSWORD, FirmClient

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "نوین تجارت",
    "address": "novin",
    "playbook": "b2b",
    "language": "fa",
    "calendar": "jalali",
    "currency": "IRR",
    "timezone": "Asia/Tehran",
    "admin_name": "نیما یوسفی",
    "admin_email": "nima@novin.example",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def public(acme_is_open: None) -> None:
    schema.enter_public()


def sign_up(client: FirmClient, **changes: str) -> Provisioning:
    answer = client.post("/signup/", {**ANSWERS, **changes})
    assert answer.status_code == 302, answer.text
    return Provisioning.objects.get(token=answer["Location"].split("/")[2])


def test_from_the_front_door_to_the_first_page(bare_client: FirmClient, django_capture_on_commit_callbacks) -> None:
    assert "/signup/" in bare_client.get("/").text
    with django_capture_on_commit_callbacks(execute=True):
        signup = sign_up(bare_client)
    progress = bare_client.get(f"/signup/{signup.token}/")
    assert progress["Location"] == f"/signup/{signup.token}/done/"
    page = bare_client.get(progress["Location"])
    enter = page.context["enter"]
    assert enter in page.text
    assert urlsplit(enter).netloc == "novin.localhost:8000"

    newcomer = FirmClient(HTTP_HOST="novin.localhost")
    assert newcomer.get(urlsplit(enter).path).status_code == 302
    assert "نیما یوسفی" in newcomer.get("/people/").text
    signup.refresh_from_db()
    assert (signup.state, signup.password_hash, signup.entered_at) == ("done", "", NOW)


def test_the_link_works_once_and_for_its_own_firm_only(
    bare_client: FirmClient, visitor: FirmClient, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        signup = sign_up(bare_client)
    signup.refresh_from_db()
    path = urlsplit(service.welcome_url(signup)).path
    assert visitor.get(path)["Location"] == "/accounts/login/"
    assert visitor.get("/people/").status_code == 302
    first, second = FirmClient(HTTP_HOST="novin.localhost"), FirmClient(HTTP_HOST="novin.localhost")
    first.get(path)
    assert second.get(path)["Location"] == "/accounts/login/"
    assert (first.get("/people/").status_code, second.get("/people/").status_code) == (200, 302)
    assert bare_client.get(f"/signup/{signup.token}/done/").context["enter"] == ""


def test_a_wrong_form_keeps_what_was_typed_and_makes_nothing(bare_client: FirmClient) -> None:
    answer = bare_client.post("/signup/", {**ANSWERS, "address": "acme", "password": "123"})
    assert answer.status_code == 422
    assert "این نشانی را کسی گرفته است." in answer.text
    assert 'value="نوین تجارت"' in answer.text
    assert PASSWORD not in answer.text
    assert Provisioning.objects.count() == 0


def test_the_address_is_checked_while_typing(bare_client: FirmClient) -> None:
    def says(typed: str) -> str:
        return bare_client.get("/signup/address/", {"address": typed}).text

    assert "novin.localhost" in says(" NOVIN ")
    assert "novin.localhost" in says("https://novin.localhost/")
    assert "این نشانی را کسی گرفته است." in says("acme")
    assert "برای خودمان" in says("admin")
    assert "novin2.localhost" in says("novin۲")


def test_two_sign_ups_do_not_share_an_address(bare_client: FirmClient) -> None:
    sign_up(bare_client)
    answer = bare_client.post("/signup/", {**ANSWERS, "admin_email": "other@novin.example"})
    assert answer.status_code == 422
    (signup,) = Provisioning.objects.all()
    twin = {field: getattr(signup, field) for field in ("name", "address", "created_at")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Provisioning.objects.create(**twin)
    signup.state = "failed"
    signup.save()
    Provisioning.objects.create(**twin)


def test_who_loses_the_race_for_an_address_is_told(bare_client: FirmClient) -> None:
    """Both forms were checked before either was kept: the database decides."""
    sign_up(bare_client)
    with (
        mock.patch.object(service, "problem_of", return_value=None),
        mock.patch("tenants.forms.problem_of", return_value=None),
    ):
        assert bare_client.post("/signup/", ANSWERS).status_code == 422
    assert Provisioning.objects.count() == 1


def test_without_a_worker_the_waiting_page_makes_the_workspace(bare_client: FirmClient) -> None:
    signup = sign_up(bare_client)
    waiting = bare_client.get(f"/signup/{signup.token}/")
    assert (waiting.status_code, schema_exists("novin")) == (200, False)
    with clock.stopped_at(NOW + timedelta(seconds=5)):
        assert bare_client.get(f"/signup/{signup.token}/")["Location"] == f"/signup/{signup.token}/done/"
    assert schema_exists("novin")


def test_polling_by_htmx_moves_the_whole_page_when_it_is_ready(bare_client: FirmClient) -> None:
    signup = sign_up(bare_client)
    polled = bare_client.get(f"/signup/{signup.token}/", headers={"HX-Request": "true"})
    assert polled.text.lstrip().startswith("<section")
    service.provision(signup.token, now=NOW)
    polled = bare_client.get(f"/signup/{signup.token}/", headers={"HX-Request": "true"})
    assert polled["HX-Redirect"] == f"/signup/{signup.token}/done/"


def test_a_missing_broker_is_no_error_page(bare_client: FirmClient, django_capture_on_commit_callbacks) -> None:
    with (
        mock.patch.object(tasks.provision, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        signup = sign_up(bare_client)
    assert signup.state == "waiting"


def test_making_a_workspace_twice_makes_one(bare_client: FirmClient) -> None:
    signup = sign_up(bare_client)
    assert service.provision(signup.token, now=NOW) is True
    assert service.provision(signup.token, now=NOW) is False
    tenant = Tenant.objects.get(schema_name="novin")
    with tenant_context(tenant):
        assert User.objects.count() == 1


def test_after_a_failure_nothing_is_there_and_one_can_try_again(bare_client: FirmClient) -> None:
    signup = sign_up(bare_client)
    with mock.patch.object(provisioning_hooks, "run", side_effect=RuntimeError("seeds")):
        service.provision(signup.token, now=NOW)
    assert (schema_exists("novin"), Tenant.objects.filter(schema_name="novin").exists()) == (False, False)
    page = bare_client.get(f"/signup/{signup.token}/").text
    assert "چیزی نیمه‌کاره نماند" in page
    assert "every 700ms" not in page
    bare_client.post(f"/signup/{signup.token}/again/")
    assert service.provision(signup.token, now=NOW) is True
    signup.refresh_from_db()
    assert (signup.state, signup.error) == ("done", "")


def test_trying_again_is_refused_when_the_address_was_taken_meanwhile(bare_client: FirmClient) -> None:
    signup = sign_up(bare_client)
    Provisioning.objects.update(state="failed", error="internal")
    sign_up(bare_client)
    bare_client.post(f"/signup/{signup.token}/again/")
    signup.refresh_from_db()
    assert (signup.state, signup.error) == ("failed", "taken")


def test_abandoned_sign_ups_free_their_address_and_are_forgotten(bare_client: FirmClient) -> None:
    old = sign_up(bare_client)
    with clock.stopped_at(NOW + timedelta(minutes=61)):
        new = sign_up(bare_client)
    assert list(Provisioning.objects.all()) == [new]
    assert old.pk != new.pk
    service.forget_abandoned(now=NOW + timedelta(days=2))
    assert Provisioning.objects.count() == 0


def test_signing_up_again_and_again_is_stopped(bare_client: FirmClient) -> None:
    codes = [bare_client.post("/signup/", {}).status_code for _n in range(21)]
    assert codes == [422] * 20 + [429]


def test_an_unknown_token_is_404(bare_client: FirmClient) -> None:
    assert [
        bare_client.get("/signup/nonsense/").status_code,
        bare_client.get("/signup/nonsense/done/").status_code,
        bare_client.post("/signup/nonsense/again/").status_code,
    ] == [404, 404, 404]


def test_the_way_to_ones_own_workspace(bare_client: FirmClient) -> None:
    assert bare_client.post("/find/", {"address": "ACME"})["Location"] == "http://acme.localhost:8000/"
    unknown = bare_client.post("/find/", {"address": "nowhere"})
    assert unknown.status_code == 422
    assert "nowhere.localhost" in unknown.text


def test_the_bare_host_speaks_the_chosen_language(bare_client: FirmClient) -> None:
    first = bare_client.get("/")
    assert '<html lang="fa"' in first.text
    # A real server takes plain text only, no members of enumerations.
    assert {type(value) for value in first.headers.values()} == {str}
    assert '<html lang="en"' in bare_client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="en"' in bare_client.get("/?lang=en").text
    assert '<html lang="en"' in bare_client.get("/signup/").text
    assert '<html lang="fa"' in bare_client.get("/?lang=fa").text
