"""Tokens: made, shown once, kept as a hash, ended; the only way in."""

import hashlib
from datetime import timedelta

import pytest
from django_tenants.utils import tenant_context

from api.models import Scope, Token
from api.services import token as tokens
from members.models import Role, User
from tenants import clock
from tenants.models import Tenant
from tests.api.caller import Caller, caller
from tests.cast import NOW, ClientOf, FirmClient, join
from tests.factories.crm import make_lead

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_kept_as_a_hash(client_of: ClientOf, sara: User) -> None:
    page = client_of(sara).post("/api/tokens/", {"name": "حسابداری", "scope": "read"})
    token = Token.objects.get()
    secret = page.context["secret"]
    assert (token.user, token.name, token.scope) == (sara, "حسابداری", "read")
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret.startswith(token.hint)
    assert page.text.count(secret) == 1
    assert "no-store" in page["Cache-Control"]
    again = client_of(sara).get("/api/tokens/").text
    assert secret not in again
    assert token.hint in again


def test_a_token_without_a_name_is_refused(client_of: ClientOf, sara: User) -> None:
    assert client_of(sara).post("/api/tokens/", {"name": "", "scope": "read"}).status_code == 422
    assert not Token.objects.exists()


def test_nobody_ends_the_token_of_another(client_of: ClientOf, sara: User, admin: User) -> None:
    token, secret = tokens.issue(by=sara, name="t", scope=Scope.READ, now=NOW)
    assert client_of(admin).post(f"/api/tokens/{token.pk}/revoke/").status_code == 404
    assert tokens.find(secret, now=NOW) == token
    assert client_of(sara).post(f"/api/tokens/{token.pk}/revoke/").status_code == 302
    assert tokens.find(secret, now=NOW) is None


def test_the_last_use_is_noted_every_five_minutes(sara: User) -> None:
    program = caller(sara)
    for after, noted in ((0, 0), (4, 0), (5, 5)):
        with clock.stopped_at(NOW + timedelta(minutes=after)):
            assert program.get("me").status_code == 200
        assert Token.objects.get().last_used_at == NOW + timedelta(minutes=noted)


def test_a_session_opens_nothing(client_of: ClientOf, sara: User) -> None:
    answer = client_of(sara).get("/api/v1/leads")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert client_of(sara).post("/api/v1/leads", {"name": "x"}, content_type="application/json").status_code == 401


def test_wrong_and_ended_tokens_and_people_who_left(acme: Tenant, sara: User) -> None:
    program = caller(sara)
    stranger = Caller(program.client, program.secret + "x")
    assert stranger.get("me").json() == {
        "type": "/api/docs/#token", "title": "Please send a valid token.", "status": 401,
    }  # fmt: skip
    sara.is_active = False
    sara.save()
    assert program.get("me").status_code == 401


def test_a_token_of_one_firm_is_nothing_in_another(acme: Tenant, globex: Tenant, sara: User) -> None:
    make_lead("آکمه")
    program = caller(sara)
    assert program.get("leads").status_code == 200
    abroad = Caller(FirmClient(HTTP_HOST="globex.localhost"), program.secret)
    assert abroad.get("leads").status_code == 401
    grace = join(globex, "grace2@globex.example", "Grace", Role.REP)
    with tenant_context(globex):
        _token, secret = tokens.issue(by=grace, name="t", scope=Scope.READ, now=NOW)
    assert Caller(abroad.client, secret).get("leads").json() == {"items": [], "next": None}


def test_a_token_that_only_reads_writes_nothing(sara: User, leila: User) -> None:
    reader = caller(sara, Scope.READ)
    assert reader.get("leads").status_code == 200
    refused = reader.post("leads", {"name": "x"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/docs/#scope")
    # An executive only reads, whatever the token says.
    assert caller(leila).post("leads", {"name": "x"}).status_code == 403


def test_too_many_requests(sara: User, monkeypatch) -> None:
    monkeypatch.setattr("api.auth.REQUESTS_A_MINUTE", 2)
    program = caller(sara)
    answers = [program.get("me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    # Another token has its own count.
    assert caller(sara).get("me").status_code == 200


def test_problems_speak_the_language_of_the_caller(sara: User) -> None:
    program = caller(sara)
    titles = []
    for language in ("en", "fa", "de"):
        program.language = language
        titles.append(program.get("leads/999999").json()["title"])
    persian = "چنین رکوردی نیست، یا شما آن را نمی‌بینید."
    assert titles == ["There is no such record, or you do not see it.", persian, persian]


def test_the_document_of_the_api_and_its_page(client_of: ClientOf, sara: User, visitor: FirmClient) -> None:
    document = visitor.get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"] == {"TokenAuth": {"type": "http", "scheme": "bearer"}}
    paths = {path.removeprefix("/api/v1") for path in document["paths"]}
    assert paths == {
        "/me", "/stages", "/fields/{entity}", "/leads", "/leads/{pk}", "/customers", "/customers/{pk}", "/contacts",
        "/contacts/{pk}", "/deals", "/deals/{pk}", "/deals/{pk}/move", "/interactions",
    }  # fmt: skip
    page = client_of(sara).get("/api/docs/").text
    assert "/deals/{pk}/move" in page
    assert "<script>" not in page
