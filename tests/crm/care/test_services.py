from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.care import services
from crm.errors import AlreadyClosed, Stale
from crm.models import Case, CaseState, Edit, Interaction, NextStep
from members.models import User
from tests.cast import NOW
from tests.factories.crm import make_case, make_contact, make_customer, make_opportunity

pytestmark = pytest.mark.django_db


def test_a_complaint_goes_to_the_service_owner_and_is_due_in_two_working_days(
    sara: User, reza: User, today: date
) -> None:
    customer = make_customer(owner=sara, service_owner=reza)
    made = services.take_in(customer=customer, kind="complaint", subject="دستگاه نشتی دارد", by=sara, today=today)
    made.refresh_from_db()
    assert (made.owner, made.created_by, made.state) == (reza, sara, "open")
    assert (made.due_on, made.opened_at) == (date(2026, 11, 23), NOW)


def test_without_an_active_service_owner_it_stays_with_whoever_took_it_in(sara: User, reza: User, today: date) -> None:
    reza.is_active = False
    reza.save()
    for customer in (make_customer(), make_customer(service_owner=reza)):
        made = services.take_in(customer=customer, kind="request", subject="کاتالوگ", by=sara, today=today)
        assert (made.owner, made.due_on) == (sara, date(2026, 11, 28))


def test_given_owner_and_day_win(sara: User, reza: User, today: date) -> None:
    made = services.take_in(
        customer=make_customer(service_owner=reza),
        kind="request",
        subject="کاتالوگ",
        by=sara,
        today=today,
        owner=sara,
        due_on=date(2026, 12, 1),
    )
    assert (made.owner, made.due_on) == (sara, date(2026, 12, 1))


def test_a_note_hangs_on_the_case_and_its_customer_and_on_no_other_deal(sara: User, today: date) -> None:
    customer = make_customer()
    deal = make_opportunity(customer=customer)
    case = make_case(customer, contact=make_contact(customer))
    said, step = services.note(
        case, by=sara, kind="call", sentence="قطعه رسید", next_what="نصب", next_due_on=today + timedelta(1)
    )
    assert (said.case, said.customer, said.contact, said.opportunity) == (case, customer, case.contact, None)
    assert step is not None
    assert (step.customer, step.owner, step.opportunity) == (customer, sara, None)
    deal.refresh_from_db()
    assert deal.last_interaction_on is None


def test_a_note_of_a_case_about_a_deal_is_a_contact_of_that_deal(sara: User, today: date) -> None:
    customer = make_customer()
    deal = make_opportunity(customer=customer)
    services.note(make_case(customer, opportunity=deal), by=sara, kind="call", sentence="قطعه رسید")
    deal.refresh_from_db()
    assert deal.last_interaction_on == today


def test_waiting_and_back_leaves_edits(sara: User) -> None:
    case = make_case()
    services.wait(case, by=sara)
    services.resume(case, by=sara)
    assert case.state == CaseState.OPEN
    edits = Edit.objects.filter(entity="case", record_id=case.pk).order_by("pk")
    assert [edit.values for edit in edits] == [{"state": ["open", "waiting"]}, {"state": ["waiting", "open"]}]


def test_finishing_wants_an_outcome_and_plans_the_follow_up_for_the_owner(sara: User, reza: User, today: date) -> None:
    case = make_case(owner=reza)
    with pytest.raises(ValueError, match="outcome"):
        services.finish(case, outcome="", by=sara)
    step = services.finish(case, outcome="واشر عوض شد", by=sara, next_what="بپرسیم", next_due_on=today + timedelta(3))
    assert (case.state, case.outcome, case.done_at) == ("done", "واشر عوض شد", NOW)
    assert step == NextStep.objects.get()
    assert step is not None
    assert (step.owner, step.customer, step.due_on) == (reza, case.customer, date(2026, 11, 24))


def test_the_database_wants_outcome_and_time_of_what_is_done() -> None:
    for wrong in ({"state": "done", "done_at": NOW}, {"state": "done", "outcome": "x"}, {"done_at": NOW}):
        case = make_case()
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**wrong)


def test_who_finishes_second_is_told(sara: User, reza: User) -> None:
    case = make_case()
    stale = Case.objects.get(pk=case.pk)
    services.finish(case, outcome="حل شد", by=sara)
    for late in (lambda: services.finish(stale, outcome="x", by=reza), lambda: services.wait(stale, by=reza)):
        with pytest.raises(AlreadyClosed):
            late()
    case.refresh_from_db()
    assert case.outcome == "حل شد"


def test_open_again_takes_outcome_and_mark_back_and_says_why(sara: User) -> None:
    case = make_case(state="done")
    services.rate(case, satisfaction=2, by=sara)
    services.reopen(case, because="باز هم نشتی دارد", by=sara)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.done_at, case.satisfaction) == ("open", "", None, None)
    assert Interaction.objects.get(case=case).sentence == "باز هم نشتی دارد"
    with pytest.raises(AlreadyClosed):
        services.reopen(case, because="x", by=sara)


def test_only_what_is_done_is_rated(sara: User) -> None:
    with pytest.raises(AlreadyClosed):
        services.rate(make_case(), satisfaction=5, by=sara)


def test_a_change_notices_the_other_one(sara: User, reza: User) -> None:
    case = make_case()
    assert services.change(case, values={"subject": "نشتی شیر", "owner": reza}, by=sara, version=1) == [
        "subject",
        "owner",
    ]
    with pytest.raises(Stale):
        services.change(case, values={"subject": "چیز دیگر"}, by=reza, version=1)
    with pytest.raises(ValueError, match="state"):
        services.change(case, values={"state": "done"}, by=sara)
