import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members import tasks
from members.models import Invitation, Role, Team, User
from members.services import invitations as service
from tenants.models import Tenant
from tests.cast import NOW, PASSWORD, ClientOf, FirmClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(acme: Tenant) -> Team:
    return Team.objects.create(name="شمال")


@pytest.fixture
def invitation(admin: User, north: Team) -> Invitation:
    return service.invite(email="Mina@Acme.example", name="مینا", role=Role.MANAGER, team=north, by=admin, now=NOW)


def join_path(invitation: Invitation) -> str:
    return f"/people/join/{service.token_of(invitation)}/"


def test_from_the_form_by_mail_to_the_seat(
    client_of: ClientOf, admin: User, north: Team, visitor: FirmClient, django_capture_on_commit_callbacks
) -> None:
    form = {"email": "Mina@acme.example", "name": "مینا", "role": "manager", "team": north.pk}
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(admin).post("/people/invite/", form)["Location"] == "/people/"
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["mina@acme.example"], "امیر صادقی شما را به آکمه در تصمیم دعوت کرده است")
    assert "۱۴ آذر ۱۴۰۵" in message.body
    path = re.findall(r"http://acme\.localhost:8000(\S+)", str(message.body))[0]
    assert "امیر صادقی" in visitor.get(path).text
    answer = visitor.post(path, {"name": "مینا راد", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    mina = User.objects.get(email="mina@acme.example")
    assert (mina.name, mina.role, mina.team, mina.check_password(PASSWORD)) == ("مینا راد", "manager", north, True)
    assert visitor.get("/people/").status_code == 200
    assert Invitation.objects.get().sent_at == NOW


def test_a_link_works_once(invitation: Invitation, visitor: FirmClient) -> None:
    path = join_path(invitation)
    visitor.post(path, {"name": "مینا", "password": PASSWORD})
    again = FirmClient(HTTP_HOST="acme.localhost").post(path, {"name": "دزد", "password": PASSWORD})
    assert again.status_code == 410
    assert User.objects.filter(email="mina@acme.example").count() == 1


def test_links_that_are_too_old_withdrawn_or_forged_are_closed(
    invitation: Invitation, admin: User, visitor: FirmClient
) -> None:
    path = join_path(invitation)
    assert visitor.get(path).status_code == 200
    assert visitor.get(path[:-2] + "x/").status_code == 410
    Invitation.objects.update(expires_at=NOW)
    assert visitor.get(path).status_code == 410
    Invitation.objects.update(expires_at=NOW + timedelta(days=1))
    service.withdraw(invitation=invitation, by=admin)
    assert visitor.get(path).status_code == 410


def test_a_link_of_one_firm_opens_nothing_in_another(invitation: Invitation, grace: User) -> None:
    assert FirmClient(HTTP_HOST="globex.localhost").get(join_path(invitation)).status_code == 410


def test_a_weak_password_is_refused_and_the_name_kept(invitation: Invitation, visitor: FirmClient) -> None:
    answer = visitor.post(join_path(invitation), {"name": "مینا راد", "password": "12345"})
    assert answer.status_code == 422
    assert "مینا راد" in answer.text
    with pytest.raises(ValidationError):
        service.accept(invitation=invitation, name="مینا", password="password", now=NOW)
    assert not User.objects.filter(email="mina@acme.example").exists()


def test_one_open_invitation_for_an_address(invitation: Invitation, admin: User, client_of: ClientOf) -> None:
    with pytest.raises(service.AlreadyInvited):
        service.invite(email="MINA@acme.example", name="", role=Role.REP, team=None, by=admin, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            email="mina@acme.example", invited_by=admin, created_at=NOW, expires_at=NOW + timedelta(days=1)
        )
    assert client_of(admin).post("/people/invite/", {"email": "mina@acme.example", "role": "rep"}).status_code == 422


def test_an_invitation_that_is_too_old_makes_room_for_a_new_one(invitation: Invitation, admin: User) -> None:
    later = NOW + timedelta(days=15)
    new = service.invite(email="mina@acme.example", name="", role=Role.REP, team=None, by=admin, now=later)
    assert list(Invitation.objects.all()) == [new]


def test_members_are_not_invited(admin: User, sara: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    answer = client.post("/people/invite/", {"email": "sara@acme.example", "role": "rep"})
    assert (answer.status_code, Invitation.objects.count()) == (422, 0)
    assert "سارا کریمی از پیش عضو است." in answer.text
    User.objects.filter(pk=sara.pk).update(is_active=False)
    assert "قبلاً عضو بوده" in client.post("/people/invite/", {"email": "sara@acme.example", "role": "rep"}).text


def test_a_mail_that_does_not_go_out_is_told_to_the_admin(
    invitation: Invitation, admin: User, client_of: ClientOf, settings, django_capture_on_commit_callbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tasks.send_invitation.delay(invitation.pk)
    invitation.refresh_from_db()
    assert (invitation.sent_at, "refused" in invitation.send_error) == (None, True)
    client = client_of(admin)
    assert "ایمیل نرفت" in client.get("/people/").text

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/people/invitations/{invitation.pk}/resend/")
    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.send_error, len(mail.outbox)) == (NOW, "", 1)


def test_a_task_sent_twice_sends_one_mail(invitation: Invitation) -> None:
    tasks.send_invitation.delay(invitation.pk)
    tasks.send_invitation.delay(invitation.pk)
    assert len(mail.outbox) == 1


def test_the_link_itself_can_be_copied(invitation: Invitation, admin: User, client_of: ClientOf) -> None:
    page = client_of(admin).post(f"/people/invitations/{invitation.pk}/link/").text
    assert f"http://acme.localhost:8000{join_path(invitation)}" in page


@pytest.mark.parametrize("action", ["link", "resend", "withdraw"])
def test_only_an_admin_touches_invitations(
    invitation: Invitation, nader: User, client_of: ClientOf, action: str
) -> None:
    assert client_of(nader).post(f"/people/invitations/{invitation.pk}/{action}/").status_code == 403
    assert Invitation.objects.filter(pk=invitation.pk).exists()
