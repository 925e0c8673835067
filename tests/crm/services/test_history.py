"""Edits are written down, and can be taken back one by one or as a batch."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.errors import AlreadyUndone
from crm.models import Batch, BatchKind, Customer, Edit, StageKind, Via
from crm.services import customer as customers
from crm.services import history, opportunity
from crm.services.history import Kept, Why
from members.models import User
from tests.cast import NOW
from tests.factories.crm import a_stage, make_customer, make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def bulk(by: User) -> Batch:
    return Batch.objects.create(kind=BatchKind.BULK, by=by)


def test_an_edit_holds_old_and_new_in_canonical_json(sara: User, reza: User) -> None:
    deal = make_opportunity(amount=Decimal(100), owner=sara)
    values = {"amount": Decimal("250.50"), "owner": reza, "expected_close": date(2026, 12, 1), "custom.city": "قم"}
    opportunity.change(deal, by=sara, values=values)
    edit = Edit.objects.get()
    assert (edit.entity, edit.record_id, edit.by, edit.via, edit.at) == ("opportunity", deal.pk, sara, "form", NOW)
    assert edit.values == {
        "amount": ["100", "250.5"],
        "owner": [sara.pk, reza.pk],
        "expected_close": [None, "2026-12-01"],
        "custom.city": [None, "قم"],
    }
    assert deal.custom == {"city": "قم"}


def test_saving_the_same_leaves_no_edit(sara: User) -> None:
    customer = make_customer("کاوه", city="قم", custom={"size": "10"})
    values = {"city": "قم", "custom.size": Decimal("10.0"), "custom.other": None}
    assert customers.change(customer, by=sara, values=values) == []
    assert (Edit.objects.count(), customer.version) == (0, 1)


def test_an_own_field_is_emptied_and_no_is_an_answer(sara: User) -> None:
    customer = make_customer(custom={"size": "10"})
    customers.change(customer, by=sara, values={"custom.size": None, "custom.vip": False})
    assert customer.custom == {"vip": False}
    assert customers.change(customer, by=sara, values={"custom.vip": None}) == ["custom.vip"]


def test_edits_are_append_only(sara: User) -> None:
    customers.change(make_customer("کاوه"), by=sara, values={"city": "قم"})
    for write in (lambda: Edit.objects.update(via="bulk"), lambda: Edit.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write()


def test_restore_one_field(sara: User, nader: User) -> None:
    customer = make_customer("کاوه", city="قم", owner=sara)
    customers.change(customer, by=sara, values={"city": "یزد", "owner": None})
    history.restore(customer, Edit.objects.get(), "owner", by=nader, today=TODAY)
    customer.refresh_from_db()
    assert (customer.city, customer.owner, customer.version) == ("یزد", sara, 3)
    assert Edit.objects.first().via == Via.RESTORE  # type: ignore[union-attr]


def test_undo_of_a_batch_keeps_what_was_changed_since(sara: User, nader: User) -> None:
    batch = bulk(nader)
    first, second, third = (make_customer(name, city="قم", owner=sara) for name in ("یک", "دو", "سه"))
    for record in (first, second, third):
        customers.change(record, by=nader, values={"city": "یزد", "owner": nader}, via=Via.BULK, batch=batch)
    customers.change(second, by=sara, values={"city": "تهران"})
    Customer.objects.filter(pk=third.pk).update(deleted_at=NOW)
    undone = history.undo(batch, by=nader, today=TODAY)
    second.refresh_from_db()
    assert undone.restored == 2
    assert undone.kept == [
        Kept(None, "city", Why.GONE),
        Kept(None, "owner", Why.GONE),
        Kept(second, "city", Why.CHANGED_SINCE),
    ]
    assert (second.city, second.owner) == ("تهران", sara)
    assert Customer.objects.get(pk=first.pk).city == "قم"
    with pytest.raises(AlreadyUndone):
        history.undo(batch, by=nader, today=TODAY)


def test_undo_of_moves_goes_through_the_guard(sara: User, nader: User) -> None:
    stages, batch = make_stages(), bulk(nader)
    free, guarded = make_opportunity(owner=sara), make_opportunity(owner=sara, stage=stages[1])
    for deal in (free, guarded):
        opportunity.move(
            deal, to=a_stage(StageKind.LOST), by=nader, today=TODAY, lost_reason="قیمت", via=Via.BULK, batch=batch
        )
    need(stages[1], "amount")
    undone = history.undo(batch, by=nader, today=TODAY)
    assert (undone.restored, {(kept.field, kept.why) for kept in undone.kept}) == (
        1,
        {("stage", Why.GUARDED), ("lost_reason", Why.GUARDED)},
    )
    free.refresh_from_db()
    guarded.refresh_from_db()
    assert (free.is_open, free.lost_reason, guarded.lost_reason) == (True, "", "قیمت")
