"""Every page of the room opens for those who may, and for nobody else."""

import pytest

from members.models import Role, Team, User
from members.services import invitations, teams
from tests.cast import NOW, ClientOf, FirmClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(admin: User) -> Team:
    return teams.create_team(name="شمال", lead=None, by=admin)


def test_pages_of_an_admin(client_of: ClientOf, admin: User, sara: User, north: Team) -> None:
    client = client_of(admin)
    for path in (
        "/people/",
        "/people/invite/",
        f"/people/{sara.pk}/",
        "/people/teams/new/",
        f"/people/teams/{north.pk}/",
        "/people/me/",
        "/settings/workspace/",
        "/accounts/password/change/",
        "/accounts/logout/",
    ):
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        assert '<html lang="fa" dir="rtl"' in response.text


def test_an_english_firm_reads_english(client_of: ClientOf, grace: User) -> None:
    page = client_of(grace).get("/people/").text
    assert '<html lang="en" dir="ltr"' in page
    assert "Invite" in page


@pytest.mark.parametrize("path", ["/people/invite/", "/people/teams/new/", "/settings/workspace/"])
def test_pages_that_only_an_admin_may_see(client_of: ClientOf, nader: User, visitor: FirmClient, path: str) -> None:
    assert client_of(nader).get(path).status_code == 403
    answer = visitor.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


def test_an_htmx_request_without_log_in_leads_the_whole_page_there(visitor: FirmClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://acme.localhost/people/?x=1"}
    answer = visitor.get("/people/invite/", headers=headers)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/people/%3Fx%3D1"


def test_pages_behind_the_log_in_are_kept_out_of_caches(client_of: ClientOf, sara: User) -> None:
    assert "no-store" in client_of(sara).get("/people/")["Cache-Control"]


def test_the_list_costs_the_same_for_one_and_three(
    client_of: ClientOf, admin: User, north: Team, django_assert_num_queries
) -> None:
    client = client_of(admin)
    client.get("/people/")
    with django_assert_num_queries(5) as first:
        client.get("/people/")
    for number in range(3):
        team = teams.create_team(name=f"گروه {number}", lead=admin, by=admin)
        User.objects.create_user(f"p{number}@acme.example", name=f"نفر {number}", team=team)
        invitations.invite(email=f"i{number}@acme.example", name="", role=Role.REP, team=team, by=admin, now=NOW)
    with django_assert_num_queries(len(first.captured_queries)):
        client.get("/people/")


def test_who_is_no_admin_sees_the_list_without_its_buttons(client_of: ClientOf, sara: User, admin: User) -> None:
    invitations.invite(email="new@acme.example", name="", role=Role.REP, team=None, by=admin, now=NOW)
    page = client_of(sara).get("/people/").text
    assert admin.name in page
    assert "new@acme.example" not in page
    assert "/people/invite/" not in page
