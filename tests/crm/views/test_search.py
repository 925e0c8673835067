from collections.abc import Callable

import pytest

from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_case, make_contact, make_customer, make_lead, make_opportunity

pytestmark = pytest.mark.django_db


def found(client: FirmClient, query: str) -> dict[str, list[str]]:
    groups = client.get("/search/", {"q": query}).context["screen"].groups
    return {group.icon: [hit.title for hit in group.hits] for group in groups}


def test_groups_of_all_records(sara: User, client_of: ClientOf) -> None:
    kaveh = make_customer("پتروشیمی کاوه")
    make_opportunity("خط", customer=kaveh)
    make_lead("آقای کاوه")
    make_contact(make_customer("البرز"), "خانم کاوه")
    make_case(kaveh, "شکایت کاوه از رنگ")
    assert found(client_of(sara), "كاوه") == {
        "customers": ["پتروشیمی کاوه"],
        "deals": ["خط"],
        "leads": ["آقای کاوه"],
        "contact": ["خانم کاوه"],
        "inbox": ["شکایت کاوه از رنگ"],
    }


SPELLINGS = ["کاوه", ";h,i", "نشرثا", "۰۹۱۲۱۲۳۴۵۶۷", "0912 123 4567", "KAVEH@x.example", "کا", "ka"]


@pytest.mark.parametrize("query", SPELLINGS)
def test_by_letters_keyboard_phone_and_mail(query: str, sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه", phone="+989121234567", email="kaveh@x.example")
    make_customer("البرز")
    assert found(client_of(sara), query) == {"customers": ["کاوه"]}


def test_a_full_group_leads_to_its_list(sara: User, client_of: ClientOf) -> None:
    for number in range(12):
        make_customer(f"کاوه {number}")
    client = client_of(sara)
    group = client.get("/search/?q=کاوه").context["screen"].groups[0]
    assert (len(group.hits), group.more_url.startswith("/customers/?q=")) == (10, True)
    assert client.get(group.more_url).context["list"].total.text == "۱۲ مورد"


def test_the_palette_gets_its_options_alone(sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    page = client_of(sara).get("/search/?q=کاوه", headers=HTMX).content.decode()
    assert ("<html" in page, page.count('role="option"'), "کاوه" in page) == (False, 1, True)


@pytest.mark.parametrize("query", ["", "  ", "!!!", "%", "ناموجود"])
def test_nothing_is_found_kindly(query: str, sara: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    response = client_of(sara).get("/search/", {"q": query})
    assert (response.status_code, response.context["screen"].groups) == (200, [])


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]) -> None:
    for _row in range(rows):
        make_opportunity(customer=make_customer("کاوه"))
        make_lead("کاوه")
    assert queries_of(client_of(sara), "/search/?q=کاوه") == 7


def test_everybody_searches(leila: User, client_of: ClientOf) -> None:
    make_customer("کاوه")
    assert found(client_of(leila), "کاوه") == {"customers": ["کاوه"]}
    assert client_of(leila).post("/search/").status_code == 405
