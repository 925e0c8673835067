import pytest
from django.core.cache import cache
from django.test import Client

from members.models import User
from tenants import schema
from tenants.models import Domain, Tenant
from tests.cast import ClientOf, FirmClient

pytestmark = pytest.mark.django_db


def test_an_unknown_host_is_told_so(settings) -> None:
    answer = FirmClient(HTTP_HOST="nowhere.localhost").get("/accounts/login/")
    assert answer.status_code == 404
    assert "در این نشانی فضای کاری نیست" in answer.text


def test_a_host_outside_the_domain_is_refused() -> None:
    assert FirmClient(HTTP_HOST="acme.evil.example").get("/").status_code == 400


def test_a_firm_whose_schema_is_gone_is_not_served_from_the_public_one(acme: Tenant) -> None:
    schema.enter_public()
    ghost = Tenant(schema_name="ghost", name="Ghost")
    ghost.save()
    Domain.objects.create(domain="ghost.localhost", tenant=ghost)
    assert FirmClient(HTTP_HOST="ghost.localhost").get("/accounts/login/").status_code == 404


def test_the_template_schema_has_no_page(acme: Tenant) -> None:
    schema.enter_public()
    template = Tenant.objects.get(is_template=True)
    Domain.objects.create(domain="tmpl.localhost", tenant=template)
    assert FirmClient(HTTP_HOST="tmpl.localhost").get("/accounts/login/").status_code == 404


def test_a_session_of_one_firm_is_nothing_in_another(client_of: ClientOf, sara: User, gina: User) -> None:
    client = client_of(sara)
    assert client.get("/people/").status_code == 200
    assert client.get("/people/", headers={"host": "globex.localhost"}).status_code == 302


def test_a_stray_session_cookie_does_no_harm_on_the_bare_host(client_of: ClientOf, sara: User) -> None:
    assert client_of(sara).get("/", headers={"host": "localhost"}).status_code == 200


def test_the_bare_host_has_no_pages_of_a_firm(bare_client: FirmClient, visitor: FirmClient) -> None:
    assert bare_client.get("/people/").status_code == 404
    assert visitor.get("/signup/").status_code == 404


def test_the_firm_is_looked_up_once(django_assert_num_queries) -> None:
    visitor = FirmClient(HTTP_HOST="acme.localhost")
    visitor.get("/accounts/login/")
    with django_assert_num_queries(0):
        visitor.get("/accounts/login/")


def test_a_change_of_the_workspace_is_seen_at_once(
    client_of: ClientOf, admin: User, visitor: FirmClient, django_capture_on_commit_callbacks
) -> None:
    assert '<html lang="fa"' in visitor.get("/accounts/login/").text
    form = {
        "name": "Acme Tehran", "language": "en", "calendar": "gregorian", "timezone": "Asia/Tehran",
        "money_unit": "rial", "week_start": "6", "weekend": ["4"], "objective_cap": "3", "visibility": "own",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(admin).post("/settings/workspace/", form)["Location"] == "/settings/workspace/"
    page = visitor.get("/accounts/login/").text
    assert '<html lang="en"' in page
    assert "Acme Tehran" in page
    acme = Tenant.objects.get(schema_name="acme")
    assert (acme.money_unit, acme.week_start, acme.weekend, acme.objective_cap) == ("rial", 6, [4], 3)
    assert acme.visibility == "own"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("objective_cap", "9"),
        ("timezone", "Mars/Base"),
        ("name", ""),
        ("visibility", "some"),
        ("weekend", ["0", "1", "2", "3", "4"]),
    ],
)
def test_a_wrong_workspace_is_refused(client_of: ClientOf, admin: User, field: str, value: object) -> None:
    form = {
        "name": "آکمه", "language": "fa", "calendar": "jalali", "timezone": "Asia/Tehran", "money_unit": "toman",
        "week_start": "5", "weekend": ["3", "4"], "objective_cap": "4", "visibility": "all",
    }  # fmt: skip
    assert client_of(admin).post("/settings/workspace/", {**form, field: value}).status_code == 422
    assert client_of(admin).post("/settings/workspace/", form).status_code == 302


def test_cache_keys_carry_the_firm(acme: Tenant, globex: Tenant) -> None:
    cache.set("answer", "acme's")
    schema.enter(globex)
    assert cache.get("answer") is None
    cache.set("answer", "globex's")
    schema.enter(acme)
    assert cache.get("answer") == "acme's"
    assert cache.make_key("answer") == "acme::1:answer"


def test_posts_need_the_csrf_token(acme: Tenant) -> None:
    client = Client(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"login": "x@y.example", "password": "z"}).status_code == 403
