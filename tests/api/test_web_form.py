"""The public form: from a visitor's answer to a lead whose clock runs, and what is kept out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing

from api import forms
from api.models import WebForm
from crm.models import Interaction, Lead
from members.models import User
from tenants import clock
from tests.cast import NOW, ClientOf, FirmClient

pytestmark = pytest.mark.django_db
SITE = "https://www.acme.example"


def a_form(admin: User, **fields: Any) -> WebForm:
    values = {
        "name": "Site", "heading": "با ما تماس بگیرید", "source": "website", "thanks": "سپاس، زود زنگ می‌زنیم.", **fields
    }  # fmt: skip
    return WebForm.objects.create(created_by=admin, **values)


def answer(**more: Any) -> dict[str, Any]:
    opened = signing.dumps(int(NOW.timestamp()) - 10, salt=forms.SALT)
    return {"name": "مریم", "phone": "09121234567", "opened": opened, **more}


def test_an_answer_becomes_a_lead(visitor: FirmClient, admin: User) -> None:
    form = a_form(admin, consent="با تماس شما موافقم.")
    url = form.get_absolute_url()
    page = visitor.get(url)
    assert "با ما تماس بگیرید" in page.text
    sent = visitor.post(url, answer(message="قیمت\nمی‌خواهم", consent="on"))
    assert (sent.status_code, sent["Location"]) == (302, f"{url}?done=1")
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.source, lead.captured_at) == ("مریم", "+989121234567", "website", NOW)
    assert (lead.status, lead.created_by) == ("new", None)
    note = Interaction.objects.get()
    assert (note.lead, note.kind, note.by) == (lead, "note", admin)
    assert note.sentence == "قیمت می‌خواهم · موافقت کرد: «با تماس شما موافقم.»"
    assert "سپاس، زود زنگ می‌زنیم." in visitor.get(f"{url}?done=1").text


def test_no_csrf_token_and_no_session_is_needed(admin: User) -> None:
    form = a_form(admin)
    strict = FirmClient(enforce_csrf_checks=True, HTTP_HOST="acme.localhost")
    assert strict.post(form.get_absolute_url(), answer()).status_code == 302
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"phone": ""},
        {"phone": "12"},
        {"opened": ""},
        {"opened": "forged"},
        {"consent": ""},
    ],
)
def test_what_is_missing_or_too_quick_comes_back(visitor: FirmClient, admin: User, wrong: dict[str, str]) -> None:
    form = a_form(admin, consent="موافقم")
    sent = visitor.post(form.get_absolute_url(), {**answer(company="البرز", consent="on"), **wrong})
    assert sent.status_code == 422
    assert 'value="البرز"' in sent.text
    assert not Lead.objects.exists()


def test_too_quick_may_be_sent_again(visitor: FirmClient, admin: User) -> None:
    url = a_form(admin).get_absolute_url()
    quick = visitor.post(url, answer(opened=forms.opened_now()))
    assert quick.status_code == 422
    fresh = quick.text.split('name="opened" value="')[1].split('"')[0]
    with clock.stopped_at(NOW + timedelta(seconds=5)):
        assert visitor.post(url, answer(opened=fresh)).status_code == 302
    assert Lead.objects.count() == 1


def test_a_trapped_program_is_thanked_and_forgotten(visitor: FirmClient, admin: User) -> None:
    form = a_form(admin)
    assert visitor.post(form.get_absolute_url(), answer(website="http://spam")).status_code == 302
    assert not Lead.objects.exists()


def test_a_limit_for_each_address(visitor: FirmClient, admin: User, monkeypatch) -> None:
    monkeypatch.setattr("api.views.public_form.BY_HAND_AN_HOUR", 2)
    url = a_form(admin).get_absolute_url()
    codes = [visitor.post(url, answer()).status_code for _ in range(3)]
    assert codes == [302, 302, 429]
    assert visitor.post(url, answer(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_closed_or_unknown_form_is_not_found(visitor: FirmClient, admin: User) -> None:
    closed = a_form(admin, is_open=False)
    assert visitor.get(closed.get_absolute_url()).status_code == 404
    assert visitor.post(closed.get_absolute_url(), answer()).status_code == 404
    assert visitor.get("/f/nothing/").status_code == 404


def test_json_of_the_firms_own_site(visitor: FirmClient, admin: User) -> None:
    url = a_form(admin, sites=[SITE]).get_absolute_url()
    body = {"name": "Mary", "email": "mary@example.com"}
    asked = visitor.options(url, headers={"Origin": SITE})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, SITE)
    sent = visitor.post(url, body, content_type="application/json", headers={"Origin": SITE})
    assert (sent.status_code, sent.json()) == (201, {"thanks": "سپاس، زود زنگ می‌زنیم."})
    assert Lead.objects.get().email == "mary@example.com"

    foreign = visitor.post(url, body, content_type="application/json", headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/api/docs/#site")
    assert "Access-Control-Allow-Origin" not in foreign
    wrong = visitor.post(f"{url}?lang=en", {"name": "x"}, content_type="application/json", headers={"Origin": SITE})
    assert wrong.json()["errors"] == [
        {"field": "phone", "message": "Please leave a phone number or an e-mail, so that we can answer."}
    ]
    assert visitor.post(url, "[1]", content_type="application/json").status_code == 400
    assert Lead.objects.count() == 1


def test_only_named_sites_may_frame_it(visitor: FirmClient, admin: User) -> None:
    named, bare = a_form(admin, sites=[SITE]), a_form(admin)
    framed = visitor.get(named.get_absolute_url())
    assert f"frame-ancestors 'self' {SITE}" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    alone = visitor.get(bare.get_absolute_url())
    assert "frame-ancestors 'none'" in alone["Content-Security-Policy"]
    assert alone["X-Frame-Options"] == "DENY"


def test_an_admin_makes_and_changes_forms(client_of: ClientOf, admin: User, nader: User) -> None:
    values = {
        "name": "سایت", "heading": "سلام", "language": "fa", "source": "web", "thanks": "سپاس", "consent": "",
        "sites": "https://www.Acme.example/contact\nhttp://localhost.example:8080", "is_open": "on",
    }  # fmt: skip
    client = client_of(admin)
    assert client.post("/settings/web-forms/new/", values)["Location"] == "/settings/web-forms/"
    form = WebForm.objects.get()
    assert form.sites == ["http://localhost.example:8080", SITE]
    assert f"http://acme.localhost/f/{form.key}/" in client.get("/settings/web-forms/").text
    bad = {**values, "sites": "https://x; script-src *"}
    assert client.post(f"/settings/web-forms/{form.pk}/", bad).status_code == 422
    assert client.post(f"/settings/web-forms/{form.pk}/", {**values, "is_open": ""}).status_code == 302
    form.refresh_from_db()
    assert not form.is_open
    assert client_of(nader).get("/settings/web-forms/").status_code == 403
