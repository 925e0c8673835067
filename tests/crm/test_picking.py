import pytest

from crm import picking
from crm.picking import NewRecord, NotFound
from members.models import User
from tests.factories.crm import a_stage, make_customer, make_lead, make_opportunity

pytestmark = pytest.mark.django_db


def values(user: User, query: str, *kinds: picking.Kind) -> list[str]:
    return [option.value for option in picking.options(user, query, kinds or picking.KINDS)]


def test_finds_customers_open_deals_by_customer_and_live_leads(sara: User) -> None:
    alborz = make_customer("صنایع غذایی البرز")
    deal = make_opportunity("خط بسته‌بندی", customer=alborz)
    make_opportunity("قرارداد قدیمی", customer=alborz, stage=a_stage("won"))
    lead = make_lead("آقای البرزی")
    make_lead("البرز رفته", status="dropped")
    make_customer("پتروشیمی کاوه")
    assert values(sara, "البرز") == [
        f"customer:{alborz.pk}",
        f"deal:{deal.pk}",
        f"lead:{lead.pk}",
        "new:customer",
        "new:lead",
    ]


@pytest.mark.parametrize("query", ["ايران خودرو", "ایرانخودرو", "ایران‌خودرو", "hdvhk o,nv,"])
def test_spelling_spaces_and_the_keyboards_language_do_not_matter(query: str, sara: User) -> None:
    customer = make_customer("ایران‌خودرو دیزل")
    assert values(sara, query, "customer")[0] == f"customer:{customer.pk}"


def test_names_that_begin_with_the_query_come_first(sara: User) -> None:
    inside = make_customer("آریا مهر")
    first = make_customer("مهر")
    assert values(sara, "مهر", "customer") == [f"customer:{first.pk}", f"customer:{inside.pk}", "new:customer"]


def test_without_a_query_ones_own_records(sara: User, reza: User) -> None:
    mine = make_customer("مال من", owner=sara)
    make_customer("مال رضا", owner=reza)
    assert values(sara, "") == [f"customer:{mine.pk}"]


def test_reads_a_reference(sara: User) -> None:
    deal = make_opportunity("خط")
    assert picking.read(sara, f"deal:{deal.pk}", "") == deal
    assert picking.read(sara, "new:lead", "خانم آرمان") == NewRecord("lead", "خانم آرمان")


def test_reads_the_only_record_of_that_name(sara: User) -> None:
    customer = make_customer("ایران خودرو", phone="+982122230000")
    make_customer("ایران خودرو دیزل")
    assert picking.read(sara, "", "ايران‌خودرو") == customer


@pytest.mark.parametrize("ref", ["deal:999999", "deal:x", "user:1", "new:deal", "", "new:lead"])
def test_a_reference_to_nothing_is_not_found(ref: str, sara: User) -> None:
    with pytest.raises(NotFound):
        picking.read(sara, ref, "")


def test_a_kind_that_is_not_asked_for_is_not_found(sara: User) -> None:
    lead = make_lead("آرمان")
    with pytest.raises(NotFound):
        picking.read(sara, f"lead:{lead.pk}", "", ("customer",))


def test_two_of_a_name_are_offered(sara: User) -> None:
    one, other = make_customer("مهر"), make_lead("مهر")
    with pytest.raises(NotFound) as caught:
        picking.read(sara, "", "مهر")
    assert [option.value for option in caught.value.options] == [
        f"customer:{one.pk}",
        f"lead:{other.pk}",
        "new:customer",
        "new:lead",
    ]
