"""Who sees which records under each setting of the firm; who may change which."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from crm import access
from crm.models import Case, StageKind
from members.models import Role, Team, User
from tenants import clock
from tenants.models import Tenant, Visibility
from tests.cast import join
from tests.factories.crm import (
    a_stage,
    make_contact,
    make_customer,
    make_interaction,
    make_lead,
    make_next_step,
    make_opportunity,
)

pytestmark = pytest.mark.django_db


def seeing(acme: Tenant, visibility: Visibility) -> None:
    acme.visibility = visibility
    acme.save(update_fields=["visibility"])


def together(name: str, *people: User) -> Team:
    team = Team.objects.create(name=name)
    for person in people:
        person.team = team
        person.save(update_fields=["team"])
    return team


# --- Seeing -------------------------------------------------------------------------------------------------------
def test_everybody_sees_all_unless_the_firm_says_otherwise(sara: User, reza: User) -> None:
    deal = make_opportunity(owner=reza)
    assert access.opportunity(sara, deal.pk) == deal
    assert access.sees_all(sara)


@pytest.mark.parametrize(
    ("visibility", "in_team", "seen_by_sara", "seen_by_nader"),
    [
        (Visibility.ALL, True, "sara reza mina nobody", "sara reza mina nobody"),
        (Visibility.TEAM, True, "sara reza nobody", "sara reza nobody"),
        (Visibility.TEAM, False, "sara nobody", "sara reza mina nobody"),
        (Visibility.OWN, True, "sara nobody", "sara reza nobody"),
        (Visibility.OWN, False, "sara nobody", "sara reza mina nobody"),
    ],
)
def test_who_sees_whose_leads_and_deals(
    acme: Tenant,
    sara: User,
    reza: User,
    nader: User,
    leila: User,
    admin: User,
    visibility: Visibility,
    in_team: bool,
    seen_by_sara: str,
    seen_by_nader: str,
) -> None:
    mina = join(acme, "mina@acme.example", "مینا", Role.REP)
    if in_team:
        together("North", sara, reza, nader)
    seeing(acme, visibility)
    for name, owner in (("sara", sara), ("reza", reza), ("mina", mina), ("nobody", None)):
        make_lead(name, owner=owner)
        make_opportunity(name, owner=owner, customer=None)

    for user, expected in ((sara, seen_by_sara), (nader, seen_by_nader)):
        assert set(access.leads(user).values_list("name", flat=True)) == set(expected.split())
        assert set(access.opportunities(user).values_list("title", flat=True)) == set(expected.split())
    for user in (leila, admin):
        assert access.leads(user).count() == access.opportunities(user).count() == 4


def test_a_customer_is_seen_by_whom_it_concerns(acme: Tenant, sara: User, reza: User) -> None:
    seeing(acme, Visibility.OWN)
    lost = a_stage(StageKind.LOST)
    served = make_customer("served", owner=reza, service_owner=sara)
    make_customer("own", owner=sara)
    make_customer("nobody's")
    make_customer("reza's", owner=reza)
    make_opportunity(owner=sara, customer=make_customer("with my deal", owner=reza))
    make_opportunity(owner=sara, customer=make_customer("with my lost deal", owner=reza), stage=lost)
    make_opportunity(owner=None, customer=make_customer("with a deal of nobody", owner=reza))
    make_lead(owner=sara, customer=make_customer("with my lead", owner=reza))
    complaint = Case.objects.create(
        customer=make_customer("with my case", owner=reza),
        owner=sara,
        kind="complaint",
        subject="s",
        opened_at=clock.now(),
    )
    reza_cares = Case.objects.create(customer=served, owner=reza, kind="request", subject="r", opened_at=clock.now())
    other = Case.objects.create(
        customer=make_customer("far", owner=reza), owner=reza, kind="request", subject="o", opened_at=clock.now()
    )

    names = set(access.customers(sara).values_list("name", flat=True))
    assert names == {"served", "own", "nobody's", "with my deal", "with my lead", "with my case"}
    assert set(access.cases(sara)) == {complaint, reza_cares}
    assert other not in access.cases(sara)


def test_what_hangs_on_a_record_is_seen_with_the_nearest_one(acme: Tenant, sara: User, reza: User) -> None:
    seeing(acme, Visibility.OWN)
    shared = make_customer(owner=sara)
    hidden_deal = make_opportunity(owner=reza, customer=shared)
    on_customer = make_interaction(reza, customer=shared)
    on_hidden_deal = make_interaction(reza, customer=shared, opportunity=hidden_deal)
    on_hidden_lead = make_interaction(reza, lead=make_lead(owner=reza))
    on_own_lead = make_interaction(reza, lead=make_lead(owner=sara))
    step_of_hidden_deal = make_next_step(reza, opportunity=hidden_deal)
    step_of_customer = make_next_step(reza, customer=shared)
    promised_by_me = make_next_step(sara, opportunity=hidden_deal)
    contact, hidden_contact = make_contact(shared), make_contact(make_customer(owner=reza))

    assert set(access.interactions(sara)) == {on_customer, on_own_lead}
    assert set(access.interactions(reza)) >= {on_hidden_deal, on_hidden_lead}
    assert set(access.next_steps(sara)) == {step_of_customer, promised_by_me}
    assert step_of_hidden_deal in access.next_steps(reza)
    assert set(access.contacts(sara)) == {contact}
    assert hidden_contact not in access.contacts(sara)


def test_the_bin_holds_what_one_would_see_outside_of_it(acme: Tenant, sara: User, reza: User) -> None:
    seeing(acme, Visibility.OWN)
    mine, rezas = make_lead(owner=sara, deleted_at=clock.now()), make_lead(owner=reza, deleted_at=clock.now())
    assert list(access.binned(sara, "lead")) == [mine]
    assert set(access.binned(reza, "lead")) == {rezas}
    assert not access.leads(sara).exists()


def test_the_setting_costs_no_query(acme: Tenant, sara: User, reza: User, django_assert_num_queries) -> None:
    seeing(acme, Visibility.TEAM)
    together("North", sara, reza)
    for _ in range(3):
        make_opportunity(owner=reza, customer=make_customer(owner=reza))
    for load in (access.opportunities, access.customers, access.leads, access.interactions, access.next_steps):
        with django_assert_num_queries(1):
            list(load(sara))


def test_what_one_does_not_see_is_not_found(acme: Tenant, sara: User, reza: User) -> None:
    seeing(acme, Visibility.OWN)
    rezas = make_opportunity(owner=reza)
    for load in (access.opportunity, access.opportunity_for_change):
        with pytest.raises(Http404):
            load(sara, rezas.pk)


# --- Changing -----------------------------------------------------------------------------------------------------
def test_a_rep_changes_his_own_and_ownerless_records(sara: User, reza: User) -> None:
    mine, nobodys, rezas = make_customer(owner=sara), make_customer(), make_customer(owner=reza)
    assert access.customer_for_change(sara, mine.pk) == mine
    assert access.customer_for_change(sara, nobodys.pk) == nobodys
    assert access.customer(sara, rezas.pk) == rezas
    with pytest.raises(PermissionDenied):
        access.customer_for_change(sara, rezas.pk)


def test_a_service_owner_changes_his_customer(sara: User, reza: User) -> None:
    served = make_customer(owner=reza, service_owner=sara)
    assert access.customer_for_change(sara, served.pk) == served


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
    for load in (access.customer, access.lead, access.opportunity, access.case, access.next_step_for_change):
        with pytest.raises(Http404):
            load(nader, 999_999)
