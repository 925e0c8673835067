import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from l10n.current import Formats
from tenants import schema
from tenants.models import Tenant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(acme_is_open: None) -> None:
    schema.enter_public()


@pytest.mark.parametrize("name", ["a", "novin_2", "a" * 41])
def test_schema_names_that_are_good(name: str) -> None:
    Tenant(schema_name=name, name="Good").save()


@pytest.mark.parametrize("name", ["Novin", "2novin", "no-vin", "نوین", "a" * 42])
def test_schema_names_that_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant(schema_name=name, name="Bad").save()


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [("objective_cap", 3, 5), ("week_start", 6, 7), ("weekend", [], [7])],
)
def test_settings_that_the_database_refuses(field: str, good: object, bad: object) -> None:
    Tenant.objects.filter(schema_name="acme").update(**{field: good})
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(schema_name="acme").update(**{field: bad})


def test_a_time_zone_must_exist(acme: Tenant) -> None:
    acme.timezone = "Mars/Base"
    with pytest.raises(ValidationError):
        acme.clean_fields()


def test_ways_of_writing_with_a_members_choice_on_top(acme: Tenant) -> None:
    firm, member = acme.formats(), acme.formats(language="en", calendar="gregorian")
    assert isinstance(firm, Formats)
    assert (firm.language, firm.calendar, firm.currency, firm.money_unit) == ("fa", "jalali", "IRR", "toman")
    assert (firm.weekend, firm.week_start, str(firm.timezone)) == (frozenset({3, 4}), 5, "Asia/Tehran")
    assert (member.language, member.calendar, member.money_unit) == ("en", "gregorian", "toman")


def test_addresses(acme: Tenant, settings) -> None:
    assert acme.url("/people/") == "http://acme.localhost:8000/people/"
    settings.PRODUCTION = True
    assert acme.url() == "https://acme.localhost/"


def test_the_bare_host_stands_for_no_firm() -> None:
    bare = Tenant.bare_host("en")
    assert (bare.is_bare_host, bare.host, bare.formats().calendar) == (True, "localhost", "gregorian")
    assert set(Tenant.objects.live().values_list("schema_name", flat=True)) == {"acme", "globex"}
