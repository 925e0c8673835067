import pytest

from crm.importing.fields import guess_kind, guess_mapping, is_price_list
from crm.importing.matching import likely_sector
from crm.models import ImportKind

pytestmark = pytest.mark.django_db

PEOPLE = ["sales_agent", "manager", "regional_office"]
CUSTOMERS = ["account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"]
DEALS = [
    "opportunity_id",
    "sales_agent",
    "product",
    "account",
    "deal_stage",
    "engage_date",
    "close_date",
    "close_value",
]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (PEOPLE, ImportKind.PEOPLE),
        (CUSTOMERS, ImportKind.CUSTOMERS),
        (DEALS, ImportKind.OPPORTUNITIES),
        (["نام شرکت", "صنعت", "شهر", "تلفن"], ImportKind.CUSTOMERS),
        (["عنوان", "مشتري", "مرحله", "مبلغ"], ImportKind.OPPORTUNITIES),
        (["نام", "ایمیل", "تیم"], ImportKind.PEOPLE),
        (["x", "y"], ""),
        (["name"], ""),
    ],
)
def test_the_headings_tell_the_kind(headings: list[str], kind: str) -> None:
    assert guess_kind(headings) == kind


def test_columns_are_guessed_once_each() -> None:
    assert guess_mapping(DEALS, ImportKind.OPPORTUNITIES) == {
        "opportunity_id": "external_id",
        "sales_agent": "owner",
        "product": "product",
        "account": "customer",
        "deal_stage": "stage",
        "engage_date": "opened_on",
        "close_date": "close_date",
        "close_value": "amount",
    }
    assert guess_mapping(["Stage", "status", "Name"], ImportKind.OPPORTUNITIES) == {"Stage": "stage", "Name": "title"}


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (["product", "series", "sales_price"], True),
        (["نام محصول", "قیمت"], True),
        (["product", "price", "account"], False),
        (["product", "series"], False),
    ],
)
def test_a_price_list_is_recognised(headings: list[str], found: bool) -> None:
    assert is_price_list(headings) is found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("technolgy", "technology"),
        ("Technology", ""),
        ("technology ", ""),
        ("zoology", ""),
        ("", ""),
        ("نرم افزار", ""),
    ],
)
def test_a_slip_of_the_pen_is_noticed(text: str, meant: str) -> None:
    assert likely_sector(text) == meant
