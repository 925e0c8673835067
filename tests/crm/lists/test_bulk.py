"""Many records at once go through the same doors as one, and come back as one."""

from decimal import Decimal
from typing import Any

import pytest

from crm.errors import AlreadyUndone, ReasonNeeded
from crm.fields import catalog
from crm.lists import bulk, undoing
from crm.lists.bulk import Wish
from crm.lists.specs import SPECS
from crm.models import Edit, Entity, Lead, LeadCategory, ListKind, Opportunity, Via
from crm.services import opportunity
from members.models import User
from tests.cast import ClientOf
from tests.crm.lists.test_filters import own_field
from tests.factories.crm import TODAY, a_stage, make_customer, make_lead, make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db
DEALS, LEADS, CUSTOMERS = (SPECS[kind] for kind in (ListKind.DEALS, ListKind.LEADS, ListKind.CUSTOMERS))


def wish(entity: str, field: str, value: object, lost_reason: str = "") -> Wish:
    return Wish(catalog.field(entity, field), value, lost_reason)


def test_the_preview_counts_what_would_change_from_what_to_what(sara: User, reza: User) -> None:
    mine = [make_lead(f"س{number}", owner=sara) for number in range(2)]
    free, his = make_lead("آزاد"), make_lead("مال رضا", owner=reza)
    ids = [lead.pk for lead in (*mine, free, his)]
    seen = bulk.preview(LEADS, ids=ids, wish=wish(Entity.LEAD, "owner", sara), by=sara)
    assert (seen.total, seen.changing, seen.same, seen.new) == (4, 1, 2, "سارا کریمی")
    assert [(step.old, step.count) for step in seen.steps] == [("—", 1)]
    assert [(one.count, one.names) for one in seen.refused] == [(1, ["مال رضا"])]
    assert Lead.objects.get(pk=free.pk).owner is None


def test_owners_change_with_an_edit_each_and_others_stay(sara: User, reza: User) -> None:
    free, his = make_lead("آزاد"), make_lead("مال رضا", owner=reza)
    made = bulk.start(LEADS, ids=[free.pk, his.pk], wish=wish(Entity.LEAD, "owner", sara), by=sara, today=TODAY)
    made.refresh_from_db()
    assert (made.state, made.changed, made.refused) == ("done", 1, [[his.pk, "مال رضا", "no_right", []]])
    assert [Lead.objects.get(pk=lead.pk).owner for lead in (free, his)] == [sara, reza]
    edit = Edit.objects.get()
    assert (edit.record_id, edit.via, edit.batch, edit.values) == (
        free.pk, Via.BULK, made.batch, {"owner": [None, sara.pk]},
    )  # fmt: skip


def test_a_guarded_stage_holds_for_each_deal(nader: User) -> None:
    first, second, *_rest = make_stages()
    need(second, "amount")
    with_amount = make_opportunity("با مبلغ", stage=first, amount=Decimal(5))
    without = make_opportunity("بی مبلغ", stage=first)
    ids, what = [with_amount.pk, without.pk], wish(Entity.OPPORTUNITY, "stage", second)
    seen = bulk.preview(DEALS, ids=ids, wish=what, by=nader)
    assert (seen.changing, [one.names for one in seen.refused]) == (1, [["بی مبلغ"]])
    made = bulk.start(DEALS, ids=ids, wish=what, by=nader, today=TODAY)
    made.refresh_from_db()
    assert (made.changed, made.refused) == (1, [[without.pk, "بی مبلغ", "needs", ["amount"]]])
    assert set(Opportunity.objects.values_list("title", "stage")) == {("با مبلغ", second.pk), ("بی مبلغ", first.pk)}


def test_losing_wants_one_reason_for_all(nader: User) -> None:
    deals = [make_opportunity() for _number in range(2)]
    ids, lost = [deal.pk for deal in deals], a_stage("lost")
    with pytest.raises(ReasonNeeded):
        bulk.start(DEALS, ids=ids, wish=wish(Entity.OPPORTUNITY, "stage", lost), by=nader, today=TODAY)
    bulk.start(DEALS, ids=ids, wish=wish(Entity.OPPORTUNITY, "stage", lost, "قیمت بالا بود"), by=nader, today=TODAY)
    assert set(Opportunity.objects.values_list("is_open", "lost_reason")) == {(False, "قیمت بالا بود")}


def test_undo_gives_back_what_nobody_has_changed_since(nader: User, sara: User, reza: User) -> None:
    one, two = make_opportunity("یک", owner=sara), make_opportunity("دو", owner=sara)
    what = wish(Entity.OPPORTUNITY, "owner", reza)
    made = bulk.start(DEALS, ids=[one.pk, two.pk], wish=what, by=nader, today=TODAY)
    made.refresh_from_db()
    opportunity.change(Opportunity.objects.get(pk=two.pk), by=nader, values={"owner": nader})
    undone = undoing.start(made, by=nader, today=TODAY)
    assert [Opportunity.objects.get(pk=deal.pk).owner for deal in (one, two)] == [sara, nader]
    assert (undone.state, undone.restored) == ("undone", 1)
    assert [(kept[1], kept[2], kept[3]) for kept in undone.kept] == [("دو", "changed_since", "owner")]
    with pytest.raises(AlreadyUndone):
        undoing.start(made, by=nader, today=TODAY)


def test_the_bin_takes_many_and_gives_them_back(nader: User) -> None:
    customer = make_customer("کاوه")
    deal = make_opportunity(customer=customer)
    made = bulk.start(CUSTOMERS, ids=[customer.pk], wish=Wish(None), by=nader, today=TODAY)
    made.refresh_from_db()
    assert (made.changed, Opportunity.objects.filter(pk=deal.pk).exists()) == (1, False)
    undone = undoing.start(made, by=nader, today=TODAY)
    assert (undone.restored, Opportunity.objects.filter(pk=deal.pk).exists()) == (1, True)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("number", Decimal("9.50"), "9.5"),
        ("date", TODAY, "2026-11-21"),
        ("yes_no", False, False),
        ("text", "زرین", "زرین"),
    ],
)
def test_own_fields(kind: str, value: object, stored: object, admin: User) -> None:
    own_field(admin, Entity.LEAD, "mine", kind)
    lead = make_lead()
    made = bulk.start(LEADS, ids=[lead.pk], wish=wish(Entity.LEAD, "custom.mine", value), by=admin, today=TODAY)
    assert Lead.objects.get(pk=lead.pk).custom == {"mine": stored}
    made.refresh_from_db()
    undoing.start(made, by=admin, today=TODAY)
    assert Lead.objects.get(pk=lead.pk).custom == {}


def test_clearing_a_text_and_a_category(nader: User) -> None:
    hot = LeadCategory.objects.create(name="فوری", position=90)
    lead = make_lead(source="سایت", category=hot)
    for field in ("source", "category"):
        bulk.start(LEADS, ids=[lead.pk], wish=wish(Entity.LEAD, field, None), by=nader, today=TODAY)
    assert Lead.objects.filter(source="", category=None).count() == 1


def test_many_go_in_pieces_and_a_second_run_changes_nothing(nader: User, reza: User) -> None:
    ids = [make_lead(f"س{number}").pk for number in range(bulk.CHUNK + 5)]
    made = bulk.start(LEADS, ids=ids, wish=wish(Entity.LEAD, "owner", reza), by=nader, today=TODAY)
    bulk.run(made.pk, TODAY)
    made.refresh_from_db()
    assert (made.done, made.changed, made.batch.records) == (105, 105, 105)
    assert Edit.objects.count() == 105


def test_the_way_through_the_pages(nader: User, reza: User, client_of: ClientOf) -> None:
    leads = [make_lead(f"س{number}", owner=nader) for number in range(3)]
    client = client_of(nader)
    chosen = "&".join(f"pk={lead.pk}" for lead in leads[:2])
    assert client.get(f"/lists/leads/bulk/?{chosen}").context["count"] == 2
    looked = client.get(f"/lists/leads/bulk/?{chosen}&field=owner&value={reza.pk}&preview=1")
    assert (looked.context["preview"].changing, Lead.objects.filter(owner=reza).count()) == (2, 0)
    posted = {"pk": [lead.pk for lead in leads[:2]], "field": "owner", "value": reza.pk}
    done = client.post("/lists/leads/bulk/apply/", posted)
    assert (done.status_code, Lead.objects.filter(owner=reza).count()) == (303, 2)
    page = client.get(done["Location"])
    assert (page.context["bulk"].changed, page.context["may_undo"]) == (2, True)
    client.post(f"{done['Location']}undo/")
    assert Lead.objects.filter(owner=nader).count() == 3


def test_all_of_the_filter_and_no_more_than_that(nader: User, reza: User, client_of: ClientOf) -> None:
    make_lead("سایتی", source="سایت", owner=nader)
    make_lead("دیگری", owner=nader)
    posted = {"whole": "1", "query": "source=سایت", "field": "owner", "value": reza.pk}
    client_of(nader).post("/lists/leads/bulk/apply/", posted)
    assert list(Lead.objects.filter(owner=reza).values_list("name", flat=True)) == ["سایتی"]


def test_a_bad_value_is_422_and_nothing_changes(nader: User, client_of: ClientOf) -> None:
    deal = make_opportunity()
    url = f"/lists/deals/bulk/?pk={deal.pk}&field=amount&value=many&preview=1"
    response = client_of(nader).get(url)
    assert (response.status_code, "many" in response.content.decode()) == (422, True)


def test_who_may(leila: User, sara: User, reza: User, client_of: ClientOf) -> None:
    lead = make_lead(owner=reza)
    assert client_of(leila).get(f"/lists/leads/bulk/?pk={lead.pk}").status_code == 403
    made = bulk.start(LEADS, ids=[lead.pk], wish=wish(Entity.LEAD, "source", "سایت"), by=reza, today=TODAY)
    assert client_of(sara).get(f"/bulk/{made.pk}/").status_code == 404
    assert client_of(reza).get(f"/bulk/{made.pk}/").status_code == 200


def test_more_than_two_hundred_are_work_for_the_background(
    nader: User, reza: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    ids = [make_lead(f"س{number}").pk for number in range(bulk.AT_ONCE + 1)]
    with django_capture_on_commit_callbacks() as later:
        made = bulk.start(LEADS, ids=ids, wish=wish(Entity.LEAD, "owner", reza), by=nader, today=TODAY)
    client, url = client_of(nader), made.get_absolute_url()
    assert (len(later), made.state, Lead.objects.filter(owner=reza).count()) == (1, "waiting", 0)
    assert 'aria-labelledby="progress-title"' in client.get(url).content.decode()
    later[0]()
    made.refresh_from_db()
    assert (made.state, made.percent, Lead.objects.filter(owner=reza).count()) == ("done", 100, 201)
    with django_capture_on_commit_callbacks() as later:
        undoing.start(made, by=nader, today=TODAY)
    assert (len(later), client.get(f"{url}progress/", headers={"HX-Request": "true"}).status_code) == (1, 200)
    later[0]()
    assert Lead.objects.filter(owner=None).count() == 201
