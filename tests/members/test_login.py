import re

import pytest
from django.core import mail
from django.test import override_settings

from members.models import User
from tenants.models import Tenant
from tests.cast import PASSWORD, ClientOf, FirmClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def ali(acme: Tenant) -> User:
    return User.objects.create_user("Ali@Acme.example", PASSWORD, name="علی رستمی", role="rep")


def log_in(client: FirmClient, email: str, password: str = PASSWORD, **more: str):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def test_log_in_with_e_mail_in_any_case_and_land_on_today(visitor: FirmClient, ali: User) -> None:
    answer = log_in(visitor, "ALI@acme.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/people/").status_code == 200


def test_log_in_leads_back_to_where_one_wanted_to_go(visitor: FirmClient, ali: User) -> None:
    assert log_in(visitor, "ali@acme.example", next="/people/me/")["Location"] == "/people/me/"
    assert (
        log_in(FirmClient(HTTP_HOST="acme.localhost"), "ali@acme.example", next="https://evil.example/")["Location"]
        == "/"
    )


def test_a_wrong_password_keeps_the_e_mail_and_says_so(visitor: FirmClient, ali: User) -> None:
    answer = log_in(visitor, "ali@acme.example", "nonsense-123")
    assert answer.status_code == 422
    assert 'value="ali@acme.example"' in answer.text
    assert "این ایمیل و گذرواژه با هم نمی‌خوانند." in answer.text


def test_the_same_e_mail_in_another_firm_opens_nothing(ali: User, globex: Tenant) -> None:
    assert log_in(FirmClient(HTTP_HOST="globex.localhost"), "ali@acme.example").status_code == 422


def test_a_deactivated_member_is_out_at_once(client_of: ClientOf, visitor: FirmClient, ali: User) -> None:
    inside = client_of(ali)
    User.objects.filter(pk=ali.pk).update(is_active=False)
    assert inside.get("/people/").status_code == 302
    refused = log_in(visitor, "ali@acme.example")
    assert (refused.status_code, refused.get("Location")) == (302, "/accounts/inactive/")
    assert visitor.get("/people/").status_code == 302


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "3/5m/key", "login": "30/m/ip"})
def test_guessing_ends_after_a_few_tries(visitor: FirmClient, ali: User) -> None:
    for _n in range(3):
        log_in(visitor, "ali@acme.example", "nonsense-123")
    answer = log_in(visitor, "ali@acme.example")
    assert answer.status_code == 422
    assert "چند بار نشد" in answer.text
    assert visitor.get("/people/").status_code == 302


def test_log_out_needs_a_post(client_of: ClientOf, ali: User) -> None:
    client = client_of(ali)
    client.get("/accounts/logout/")
    assert client.get("/people/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/people/").status_code == 302


def test_a_forgotten_password_is_set_anew_by_mail(
    visitor: FirmClient, ali: User, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post("/accounts/password/reset/", {"email": "ali@acme.example"})
    (message,) = mail.outbox
    assert message.to == ["ali@acme.example"]
    assert message.subject == "گذرواژهٔ تازه برای آکمه در تصمیم"
    path = re.findall(r"http://acme\.localhost(\S+)", str(message.body))[0]
    form = visitor.get(path, follow=True)
    saved = visitor.post(form.redirect_chain[-1][0], {"password1": "another-harbour-43"})
    assert saved["Location"] == "/accounts/password/reset/key/done/"
    assert log_in(visitor, "ali@acme.example", "another-harbour-43")["Location"] == "/"
    assert "دیگر کار نمی‌کند" in visitor.get(path, follow=True).text


def test_nobody_learns_who_is_a_member(visitor: FirmClient, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = visitor.post("/accounts/password/reset/", {"email": "stranger@acme.example"})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert mail.outbox == []


def test_changing_the_password_wants_the_current_one(client_of: ClientOf, ali: User) -> None:
    client = client_of(ali)
    wrong = client.post("/accounts/password/change/", {"oldpassword": "no", "password1": "another-harbour-43"})
    assert wrong.status_code == 422
    weak = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "short"})
    assert weak.status_code == 422
    good = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another-harbour-43"})
    assert good["Location"] == "/people/me/"
    ali.refresh_from_db()
    assert ali.check_password("another-harbour-43")
    assert client.get("/people/").status_code == 200


def test_demo_buttons_stand_on_the_log_in_page_of_a_demo_only(visitor: FirmClient) -> None:
    assert "tasmim-demo" not in visitor.get("/accounts/login/").text
    with override_settings(DEMO=True):
        page = visitor.get("/accounts/login/").text
    for role in ("rep", "manager", "executive", "admin"):
        assert f'value="{role}@acme.example"' in page


def test_nobody_signs_up_inside_a_firm(visitor: FirmClient) -> None:
    sent = visitor.post("/accounts/signup/", {"email": "x@acme.example", "password1": PASSWORD})
    assert sent.status_code == 200
    assert not User.objects.filter(email="x@acme.example").exists()
