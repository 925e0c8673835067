"""Everybody sees all records; who may change which."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from crm import access
from members.models import User
from tests.factories.crm import make_contact, make_customer, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db


def test_a_rep_changes_his_own_and_ownerless_records(sara: User, reza: User) -> None:
    mine, nobodys, rezas = make_customer(owner=sara), make_customer(), make_customer(owner=reza)
    assert access.customer_for_change(sara, mine.pk) == mine
    assert access.customer_for_change(sara, nobodys.pk) == nobodys
    assert access.customer(sara, rezas.pk) == rezas
    with pytest.raises(PermissionDenied):
        access.customer_for_change(sara, rezas.pk)


def test_managers_and_admins_change_all(nader: User, admin: User, sara: User) -> None:
    lead, deal = make_lead(owner=sara), make_opportunity(owner=sara)
    for user in (nader, admin):
        assert access.lead_for_change(user, lead.pk) == lead
        assert access.opportunity_for_change(user, deal.pk) == deal


def test_an_executive_sees_and_changes_nothing(leila: User) -> None:
    deal = make_opportunity()
    assert access.opportunity(leila, deal.pk) == deal
    assert not access.may_write(leila)
    with pytest.raises(PermissionDenied):
        access.opportunity_for_change(leila, deal.pk)
    with pytest.raises(PermissionDenied):
        access.writer(leila)


def test_a_contact_goes_with_its_customer(sara: User, reza: User) -> None:
    rezas = make_contact(make_customer(owner=reza))
    assert access.contact_for_change(reza, rezas.pk) == rezas
    with pytest.raises(PermissionDenied):
        access.contact_for_change(sara, rezas.pk)


def test_a_step_is_its_owners(sara: User, reza: User, nader: User) -> None:
    step = make_next_step(reza)
    assert access.next_step_for_change(reza, step.pk) == step
    assert access.next_step_for_change(nader, step.pk) == step
    with pytest.raises(PermissionDenied):
        access.next_step_for_change(sara, step.pk)


def test_what_does_not_exist_is_not_found(nader: User) -> None:
    for load in (access.customer, access.lead, access.opportunity, access.next_step_for_change):
        with pytest.raises(Http404):
            load(nader, 999_999)
