"""Reading and writing records by programs: the same rows, the same rules, the same services."""

from datetime import date
from decimal import Decimal

import pytest

from crm.models import Contact, Customer, Edit, Interaction, Lead, NextStep, Opportunity
from members.models import User
from tenants.models import Tenant, Visibility
from tests.api.caller import caller
from tests.cast import NOW
from tests.factories.crm import a_stage, make_contact, make_customer, make_interaction, make_lead, make_opportunity

pytestmark = pytest.mark.django_db


def test_a_lead_is_made_once(sara: User) -> None:
    program = caller(sara)
    body = {"name": "مریم", "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "email": "M@Example.com", "source": "web", "external_id": "w-1"}
    first, second = program.post("leads", body), program.post("leads", {**body, "name": "other"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.email, lead.external_id) == ("مریم", "+989121234567", "m@example.com", "w-1")
    assert (lead.created_by, lead.captured_at) == (sara, NOW)


def test_an_id_of_a_record_that_one_does_not_see_is_taken(acme: Tenant, sara: User, reza: User) -> None:
    acme.visibility = Visibility.OWN
    acme.save()
    make_lead(owner=reza, external_id="w-1")
    answer = caller(sara).post("leads", {"name": "x", "external_id": "w-1"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/docs/#id-taken")
    assert Lead.objects.count() == 1


def test_a_change_is_an_edit_by_a_program(sara: User) -> None:
    lead = make_lead("Old", owner=sara)
    answer = caller(sara).patch(f"leads/{lead.pk}", {"name": "New", "version": 1})
    assert (answer.json()["name"], answer.json()["version"]) == ("New", 2)
    edit = Edit.objects.get()
    assert (edit.by, edit.via, edit.values) == (sara, "api", {"name": ["Old", "New"]})


def test_who_was_slower_is_told(sara: User) -> None:
    lead = make_lead("Old", owner=sara, version=3)
    answer = caller(sara).patch(f"leads/{lead.pk}", {"name": "New", "version": 2})
    assert (answer.status_code, answer.json()["type"], answer.json()["version"]) == (409, "/api/docs/#stale", 3)
    lead.refresh_from_db()
    assert lead.name == "Old"


def test_each_wrong_value_is_named(sara: User) -> None:
    wrong = {"name": "x", "phone": "12", "owner_id": 999_999, "custom": {"nothing": 1}}
    answer = caller(sara).post("leads", wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["phone", "owner_id", "custom.nothing"]
    unknown = caller(sara).post("leads", {"nmae": "x"}).json()["errors"]
    assert {(error["field"], error["message"]) for error in unknown} == {
        ("name", "This is needed."), ("nmae", "There is no such field."),
    }  # fmt: skip
    assert (
        caller(sara)
        .client.post("/api/v1/leads", "{", content_type="application/json", headers=caller(sara).headers)
        .status_code
        == 400
    )
    assert not Lead.objects.exists()


def test_lists_come_by_key(sara: User, django_assert_num_queries) -> None:
    leads = [make_lead(owner=sara) for _ in range(5)]
    program = caller(sara)
    program.get("me")
    first = program.get("leads", limit=2).json()
    second = program.get("leads", limit=2, after=first["next"]).json()
    third = program.get("leads", limit=2, after=second["next"]).json()
    found = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert (found, third["next"]) == ([lead.pk for lead in leads], None)
    for limit in (1, 3):
        with django_assert_num_queries(3):
            program.get("leads", limit=limit)


@pytest.mark.parametrize("path", ["leads", "customers", "contacts", "deals", "interactions"])
def test_a_list_costs_the_same_for_one_row_and_three(sara: User, path: str, django_assert_num_queries) -> None:
    program = caller(sara)
    program.get("me")
    for rows in (1, 3):
        while len(program.get(path).json()["items"]) < rows:
            make_interaction(sara, opportunity=make_opportunity(customer=make_contact().customer))
            make_lead()
        with django_assert_num_queries(3):
            program.get(path)


def test_what_one_does_not_see_is_nowhere(acme: Tenant, sara: User, reza: User) -> None:
    acme.visibility = Visibility.OWN
    acme.save()
    customer = make_customer("پنهان", owner=reza)
    deal, lead = make_opportunity("پنهان", owner=reza, customer=customer), make_lead("پنهان", owner=reza)
    contact = make_contact(customer, "پنهان")
    make_interaction(reza, opportunity=deal, customer=customer, sentence="پنهان")
    program = caller(sara)
    for path in ("leads", "customers", "contacts", "deals", "interactions"):
        assert program.get(path).json() == {"items": [], "next": None}
    hidden = {"leads": lead, "customers": customer, "contacts": contact, "deals": deal}
    for path, record in hidden.items():
        assert program.get(f"{path}/{record.pk}").status_code == 404
        assert program.patch(f"{path}/{record.pk}", {}).status_code == 404
    assert program.post(f"deals/{deal.pk}/move", {"stage_id": a_stage().pk}).status_code == 404
    assert program.post("deals", {"title": "x", "customer_id": customer.pk}).status_code == 422
    assert program.post("contacts", {"name": "x", "customer_id": customer.pk}).status_code == 404
    said = {"kind": "call", "sentence": "x", "customer_id": customer.pk}
    assert program.post("interactions", said).json()["errors"][0]["field"] == "customer_id"


def test_seen_but_not_ones_own_is_not_changed(sara: User, reza: User) -> None:
    deal = make_opportunity(owner=reza, amount=5)
    assert caller(sara).get(f"deals/{deal.pk}").status_code == 200
    assert caller(sara).patch(f"deals/{deal.pk}", {"amount": "7"}).status_code == 403
    deal.refresh_from_db()
    assert deal.amount == 5


def test_amounts_are_exact_and_in_rials(sara: User) -> None:
    a_stage()
    program = caller(sara)
    customer = make_customer(owner=sara)
    body = {"title": "فروش", "customer_id": customer.pk, "amount": "10000000000000.25", "expected_close": "2026-12-01"}
    made = program.post("deals", body).json()
    assert (made["amount"], made["currency"], made["expected_close"]) == ("10000000000000.25", "IRR", "2026-12-01")
    deal = Opportunity.objects.get()
    assert (deal.amount, deal.expected_close) == (Decimal("10000000000000.25"), date(2026, 12, 1))
    assert program.patch(f"deals/{deal.pk}", {"amount": None}).json()["amount"] is None
    for wrong in ("-1", "0.001", "1e30", "many", True):
        assert program.patch(f"deals/{deal.pk}", {"amount": wrong}).status_code == 422


def test_customers_and_contacts(sara: User) -> None:
    program = caller(sara)
    made = program.post("customers", {"name": "البرز", "owner_id": sara.pk, "external_id": "c-1"}).json()
    assert program.patch(f"customers/{made['id']}", {"city": "تهران"}).json()["city"] == "تهران"
    person = program.post("contacts", {"name": "خانم رضایی", "customer_id": made["id"], "decides": True}).json()
    assert program.patch(f"contacts/{person['id']}", {"phone": "02188776655"}).json()["phone"] == "+982188776655"
    assert program.get("contacts", customer_id=made["id"]).json()["items"][0]["id"] == person["id"]
    assert (Customer.objects.get().owner, Contact.objects.get().decides) == (sara, True)


def test_what_happened_and_the_next_step(sara: User) -> None:
    deal = make_opportunity(owner=sara)
    body = {
        "kind": "call", "sentence": "زنگ زدم", "deal_id": deal.pk, "external_id": "call-9",
        "happened_at": "2026-11-20T10:00:00+03:30", "next_step": {"what": "پیش‌فاکتور", "due_on": "2026-11-24"},
    }  # fmt: skip
    first, second = caller(sara).post("interactions", body), caller(sara).post("interactions", body)
    assert (first.status_code, second.status_code) == (201, 200)
    said, step = Interaction.objects.get(), NextStep.objects.get()
    assert (said.opportunity, said.customer, said.by, said.logged_at) == (deal, deal.customer, sara, NOW)
    assert (step.what, step.due_on, step.owner, step.opportunity) == ("پیش‌فاکتور", date(2026, 11, 24), sara, deal)
    hanging = caller(sara).post("interactions", {"kind": "call", "sentence": "x"})
    assert (hanging.status_code, hanging.json()["errors"][0]["field"]) == (422, "customer_id")
    naive = {**body, "external_id": "", "happened_at": "2026-11-20T10:00:00"}
    assert caller(sara).post("interactions", naive).json()["errors"][0]["field"] == "happened_at"


def test_stages_fields_and_me(sara: User) -> None:
    a_stage()
    program = caller(sara)
    stages = program.get("stages").json()
    assert [stage["position"] for stage in stages] == sorted(stage["position"] for stage in stages)
    assert {"name": "amount", "label": "Amount", "kind": "money", "choices": []} in program.get(
        "fields/opportunity"
    ).json()
    assert program.get("fields/nothing").status_code == 422
    assert program.get("me").json()["scope"] == "write"
