import pytest
from django.db import IntegrityError, transaction

from members.models import Role, Team, User
from members.services import people, teams
from tenants.models import Tenant
from tests.cast import PASSWORD, ClientOf

pytestmark = pytest.mark.django_db


def test_a_person_gets_a_role_and_a_team(client_of: ClientOf, admin: User, sara: User) -> None:
    north = teams.create_team(name="شمال", lead=admin, by=admin)
    answer = client_of(admin).post(f"/people/{sara.pk}/", {"role": "manager", "team": north.pk})
    sara.refresh_from_db()
    assert (answer.status_code, sara.role, sara.team) == (302, "manager", north)


def test_a_role_that_does_not_exist_is_refused(client_of: ClientOf, admin: User, sara: User) -> None:
    answer = client_of(admin).post(f"/people/{sara.pk}/", {"role": "king"})
    sara.refresh_from_db()
    assert (answer.status_code, sara.role) == (422, "rep")


def test_the_last_admin_stays_admin(client_of: ClientOf, admin: User, sara: User) -> None:
    client = client_of(admin)
    assert client.post(f"/people/{admin.pk}/", {"role": "rep"}).status_code == 422
    assert client.post(f"/people/{admin.pk}/deactivate/")["Location"] == f"/people/{admin.pk}/"
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)

    people.change_person(person=sara, role=Role.ADMIN, team=None, by=admin)
    assert client.post(f"/people/{admin.pk}/", {"role": "rep"}).status_code == 302
    admin.refresh_from_db()
    assert admin.role == "rep"


def test_an_admin_who_left_does_not_count(admin: User, sara: User) -> None:
    people.change_person(person=sara, role=Role.ADMIN, team=None, by=admin)
    people.deactivate(person=sara, by=admin)
    with pytest.raises(people.LastAdmin):
        people.deactivate(person=admin, by=admin)


def test_who_left_can_be_let_in_again(client_of: ClientOf, admin: User, sara: User) -> None:
    client = client_of(admin)
    client.post(f"/people/{sara.pk}/deactivate/")
    assert not User.objects.get(pk=sara.pk).is_active
    assert list(User.objects.active()) == [admin]
    client.post(f"/people/{sara.pk}/reactivate/")
    assert User.objects.get(pk=sara.pk).is_active


@pytest.mark.parametrize("action", ["", "deactivate/", "reactivate/"])
def test_a_manager_changes_nobody(client_of: ClientOf, nader: User, sara: User, action: str) -> None:
    assert client_of(nader).post(f"/people/{sara.pk}/{action}", {"role": "admin"}).status_code == 403
    assert User.objects.get(pk=sara.pk).role == "rep"


def test_e_mails_are_unique_without_regard_to_case(sara: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("SARA@acme.example", name="Sara")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Other@acme.example", name="Other").save()
    User.objects.create_user("other@acme.example", name="Other")


def test_people_are_listed_in_the_order_of_the_persian_alphabet(acme: Tenant) -> None:
    for n, name in enumerate(["یاسمن", "پیمان", "چنگیز", "بهار", "گلناز"]):
        User.objects.create_user(f"p{n}@acme.example", name=name)
    assert [user.name for user in User.objects.all()] == ["بهار", "پیمان", "چنگیز", "گلناز", "یاسمن"]


def test_profile_changes_language_and_calendar_for_oneself(client_of: ClientOf, sara: User, acme: Tenant) -> None:
    client = client_of(sara)
    form = {"name": "Sara Karimi", "language": "en", "calendar": "gregorian", "theme": "dark"}
    assert client.post("/people/me/", form)["Location"] == "/people/me/"
    page = client.get("/people/me/").text
    assert '<html lang="en" dir="ltr" data-theme="dark"' in page
    sara.refresh_from_db()
    assert (sara.name, sara.language, sara.calendar, sara.theme) == ("Sara Karimi", "en", "gregorian", "dark")
    assert sara.sort_key == User(name="Sara Karimi").sort_key


def test_a_wrong_profile_keeps_what_was_typed(client_of: ClientOf, sara: User) -> None:
    answer = client_of(sara).post("/people/me/", {"name": "", "language": "en", "calendar": "", "theme": "dark"})
    assert answer.status_code == 422
    assert 'value="en"' in answer.text
    assert User.objects.get(pk=sara.pk).language == ""


@pytest.mark.parametrize(
    ("password", "says"),
    [("12345", "دست‌کم ۱۰ نویسه لازم است"), ("qwertyuiop", "همه حدس می‌زنند")],
)
def test_weak_passwords_are_refused_in_the_readers_language(
    client_of: ClientOf, sara: User, password: str, says: str
) -> None:
    answer = client_of(sara).post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password})
    assert answer.status_code == 422
    assert says in answer.text


class TestTeams:
    def test_made_changed_and_removed(self, client_of: ClientOf, admin: User, sara: User) -> None:
        client = client_of(admin)
        client.post("/people/teams/new/", {"name": "شمال", "lead": sara.pk})
        team = Team.objects.get(name="شمال", lead=sara)
        client.post(f"/people/teams/{team.pk}/", {"name": "جنوب", "lead": ""})
        team.refresh_from_db()
        assert (team.name, team.lead) == ("جنوب", None)
        people.change_person(person=sara, role=Role.REP, team=team, by=admin)
        client.post(f"/people/teams/{team.pk}/remove/")
        sara.refresh_from_db()
        assert (Team.objects.count(), sara.team) == (0, None)

    def test_two_teams_do_not_share_a_name(self, client_of: ClientOf, admin: User) -> None:
        teams.create_team(name="شمال", lead=None, by=admin)
        answer = client_of(admin).post("/people/teams/new/", {"name": "شمال", "lead": ""})
        assert (answer.status_code, Team.objects.count()) == (422, 1)
