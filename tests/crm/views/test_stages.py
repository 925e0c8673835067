"""Settings › Stages, by the admin."""

import pytest

from crm.models import LostReason, Opportunity, Stage
from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


@pytest.fixture
def client(admin: User, client_of: ClientOf, stages: list[Stage]) -> FirmClient:
    return client_of(admin)


def names() -> list[str]:
    return list(Stage.objects.values_list("name", flat=True))


def test_a_stage_is_added_and_renamed(client: FirmClient, stages: list[Stage]) -> None:
    new = {"name": "نمونه", "meaning": "نمونه رفته", "probability": "۸۰", "stale_after": "۷"}
    assert client.post("/stages/new/", new).status_code == 303
    made = Stage.objects.get(name="نمونه")
    assert (made.position, made.probability, made.stale_after) == (5, 80, 7)
    taken = client.post(f"/stages/{made.pk}/", {**new, "name": "برنده"}, headers=HTMX)
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["name"])
    bad = client.post(f"/stages/{made.pk}/", {**new, "probability": "۱۰۱", "stale_after": "۰"})
    assert list(bad.context["form"].errors) == ["probability", "stale_after"]
    client.post(f"/stages/{made.pk}/", {**new, "name": "نمونهٔ کالا"})
    made.refresh_from_db()
    assert made.name == "نمونهٔ کالا"


def test_the_page_shows_the_way_in_order(client: FirmClient, stages: list[Stage]) -> None:
    make_opportunity(stage=stages[1])
    need(stages[2], "amount")
    rows = client.get("/stages/").context["rows"]
    assert [(row.stage.name, row.deals, row.needs, row.is_first, row.is_last) for row in rows] == [
        ("شناسایی", 0, [], True, False),
        ("نیازسنجی", 1, [], False, False),
        ("پیشنهاد", 0, ["مبلغ"], False, False),
        ("مذاکره", 0, [], False, True),
        ("برنده", 0, [], True, True),
        ("بازنده", 0, [], True, True),
    ]


def test_order_by_buttons(client: FirmClient, stages: list[Stage]) -> None:
    client.post(f"/stages/{stages[2].pk}/move/", {"way": "up"})
    assert names()[:4] == ["شناسایی", "پیشنهاد", "نیازسنجی", "مذاکره"]


def test_removing_asks_where_the_deals_go(client: FirmClient, stages: list[Stage]) -> None:
    deal = make_opportunity(stage=stages[1])
    need(stages[2], "amount")
    url = f"/stages/{stages[1].pk}/remove/"
    asked = client.get(url, headers=HTMX).context["form"]
    assert [stage.name for stage in asked.fields["to"].queryset] == ["شناسایی", "پیشنهاد", "مذاکره"]
    assert list(client.post(url, {}).context["form"].errors) == ["to"]
    lacking = client.post(url, {"to": stages[2].pk})
    assert (lacking.status_code, lacking.context["form"].non_field_errors()) == (
        422, ["۱ فرصت چیزی را که آن مرحله لازم دارد ندارد. مرحلهٔ زودتری را انتخاب کنید."],
    )  # fmt: skip
    assert client.post(url, {"to": stages[0].pk}).status_code == 303
    assert Opportunity.objects.get(pk=deal.pk).stage == stages[0]
    assert "نیازسنجی" not in names()


def test_an_empty_stage_goes_after_a_yes_and_won_never(client: FirmClient, stages: list[Stage]) -> None:
    assert client.post(f"/stages/{stages[0].pk}/remove/", {}).status_code == 303
    refused = client.post(f"/stages/{stages[4].pk}/remove/", {})
    assert (refused.status_code, len(refused.context["form"].non_field_errors())) == (422, 1)
    assert names() == ["نیازسنجی", "پیشنهاد", "مذاکره", "برنده", "بازنده"]


def test_reasons_for_losing(client: FirmClient) -> None:
    assert client.post("/lost-reasons/new/", {"name": "مدیرعامل عوض شد"}).status_code == 303
    made = LostReason.objects.get(name="مدیرعامل عوض شد")
    assert made.position == 7
    assert client.post("/lost-reasons/new/", {"name": "قیمت"}).status_code == 422
    client.post(f"/lost-reasons/{made.pk}/move/", {"way": "up"})
    client.post(f"/lost-reasons/{made.pk}/", {"name": "مدیر عوض شد"})
    made.refresh_from_db()
    assert (made.name, made.position) == ("مدیر عوض شد", 6)
    client.post(f"/lost-reasons/{made.pk}/retire/")
    made.refresh_from_db()
    assert made.position is None
    assert client.post(f"/lost-reasons/{made.pk}/retire/").status_code == 404
