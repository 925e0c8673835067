import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.models import KeyDecision
from charter.services import key_decision as services
from members.models import User
from tests.cast import ClientOf
from tests.factories.charter import make_key_decision

pytestmark = pytest.mark.django_db
URL = "/settings/key-decisions/"


def typed(owner: User, **more: str) -> dict[str, str]:
    return {"name": "تمرکز", "sentence": "وقت کجا برود؟", "owner": str(owner.pk), **more}


def test_everybody_reads_and_the_admin_changes(sara: User, leila: User, admin: User, client_of: ClientOf) -> None:
    made = make_key_decision(admin, name="پیش‌بینی فصل")
    for user in (sara, leila, admin):
        page = client_of(user).get(URL).content.decode()
        assert ("پیش‌بینی فصل" in page, f"{URL}{made.pk}/edit/" in page) == (True, user == admin)
    for path in ("new/", f"{made.pk}/edit/", f"{made.pk}/replace/"):
        assert client_of(sara).get(URL + path).status_code == 403
        assert client_of(leila).post(URL + path, typed(leila)).status_code == 403


def test_an_empty_workspace_says_what_belongs_here(sara: User, admin: User, client_of: ClientOf) -> None:
    assert f'href="{URL}new/"' in client_of(admin).get(URL).content.decode()
    assert f'href="{URL}new/"' not in client_of(sara).get(URL).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, admin: User, sara: User, client_of: ClientOf) -> None:
    for slot in range(1, rows + 1):
        make_key_decision(admin, slot)
    client = client_of(sara)
    client.get(URL)
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    assert len([q for q in captured.captured_queries if "search_path" not in q["sql"]]) == 3


def test_add(admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    bad = client.post(URL + "new/", typed(admin, name=""))
    assert (bad.status_code, 'value="وقت کجا برود؟"' in bad.content.decode()) == (422, True)
    assert client.post(URL + "new/", typed(admin))["Location"] == URL
    assert KeyDecision.objects.get().slot == 1


def test_a_fourth_is_refused_kindly_and_replaces_one(admin: User, client_of: ClientOf) -> None:
    rows = [make_key_decision(admin, slot) for slot in (1, 2, 3)]
    client = client_of(admin)
    assert 'name="replaces"' in client.get(URL + "new/").content.decode()
    refused = client.post(URL + "new/", typed(admin), headers={"HX-Request": "true"})
    assert (refused.status_code, KeyDecision.objects.count()) == (422, 3)
    response = client.post(URL + "new/", typed(admin, replaces=str(rows[1].pk)), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == URL
    assert [(row.slot, row.name) for row in KeyDecision.objects.all()][1] == (2, "تمرکز")
    assert rows[1].name in client.get(URL).content.decode()  # among the earlier ones


def test_edit_and_replace(admin: User, client_of: ClientOf) -> None:
    made = make_key_decision(admin)
    client = client_of(admin)
    assert made.sentence in client.get(f"{URL}{made.pk}/edit/").content.decode()
    assert client.post(f"{URL}{made.pk}/edit/", typed(admin, sentence="")).status_code == 422
    assert client.post(f"{URL}{made.pk}/edit/", typed(admin)).status_code == 303
    made.refresh_from_db()
    assert made.name == "تمرکز"
    assert client.post(f"{URL}{made.pk}/replace/", typed(admin, name="دیگر")).status_code == 303
    assert (KeyDecision.objects.get().name, KeyDecision.everything.count()) == ("دیگر", 2)


def test_a_retired_one_is_history(admin: User, client_of: ClientOf) -> None:
    old = make_key_decision(admin)
    services.replace(old, name="نو", sentence="چه کنیم؟", owner=admin)
    client = client_of(admin)
    for path in (f"{old.pk}/edit/", f"{old.pk}/replace/", "999999/edit/"):
        assert client.get(URL + path).status_code == 404
    assert client.post(URL).status_code == 405


def test_a_fourth_is_swapped_in_the_dialog(admin: User, client_of: ClientOf) -> None:
    three = [make_key_decision(admin, slot) for slot in (1, 2, 3)]
    client, url = client_of(admin), f"{URL}new/?dialog=1"
    opened = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in opened, 'id="dialog-title"' in opened, f'action="{url}"' in opened) == (False, True, True)
    typed = {"name": "چهارم", "sentence": "چه کنیم؟", "owner": admin.pk}
    refused = client.post(url, typed, headers={"HX-Request": "true"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["replaces"])
    assert 'value="چهارم"' in refused.content.decode()
    client.post(url, {**typed, "replaces": three[1].pk}, headers={"HX-Request": "true"})
    assert list(KeyDecision.objects.values_list("slot", "name")) == [
        (1, three[0].name), (2, "چهارم"), (3, three[2].name),
    ]  # fmt: skip
