"""Settings › Fields: swaps at the cap, reasons, who may; the card behind a field; own fields in forms and dialog."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from charter.models import KeyDecision
from crm.fields import custom
from crm.models import (
    Asking,
    Customer,
    CustomField,
    CustomKind,
    Entity,
    FieldMark,
    FieldRule,
    FormChange,
    Lead,
    Opportunity,
)
from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import install_playbook, make_customer, make_lead, make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db


@pytest.fixture
def forecast(admin: User) -> KeyDecision:
    make_stages()
    return KeyDecision.objects.get(slot=1)


def own(label: str, serves: KeyDecision, by: User, kind: str = CustomKind.TEXT, **more: Any) -> CustomField:
    values = {"entity": Entity.OPPORTUNITY, "reason": "x", **more}
    return custom.add(label=label, kind=kind, serves=serves, by=by, **values)


@pytest.mark.parametrize("path", ["/fields/", "/fields/report/", "/stages/", "/playbook/"])
def test_admin_and_manager_read_others_do_not(
    path: str, admin: User, nader: User, sara: User, leila: User, client_of: ClientOf
) -> None:
    install_playbook(admin=admin)
    assert [client_of(user).get(path).status_code for user in (admin, nader, sara, leila)] == [200, 200, 403, 403]


def test_only_the_admin_changes(nader: User, forecast: KeyDecision, client_of: ClientOf) -> None:
    posted = {"field": "phone", "serves": forecast.pk, "reason": "x"}
    assert client_of(nader).post("/fields/lead/ask/", posted).status_code == 403
    assert 'href="/fields/lead/ask/"' not in client_of(nader).get("/fields/").content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_field_is_asked_for_a_decision_and_a_reason(
    headers: dict[str, str], admin: User, forecast: KeyDecision, client_of: ClientOf
) -> None:
    client = client_of(admin)
    bad = client.post("/fields/lead/ask/", {"field": "phone", "reason": "تماس"}, headers=headers)
    assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["serves"])
    assert 'value="تماس"' in bad.content.decode()
    client.post("/fields/lead/ask/", {"field": "phone", "serves": forecast.pk, "reason": "تماس"}, headers=headers)
    rule = FieldRule.objects.get()
    assert (rule.entity, rule.field, rule.serves, rule.mode) == ("lead", "phone", forecast, Asking.ASKED)


def test_the_eighth_asks_which_one_goes(admin: User, forecast: KeyDecision, client_of: ClientOf) -> None:
    for slot in range(1, 8):
        FieldRule.objects.create(entity="lead", field=f"f{slot}", slot=slot, serves=forecast)
    client = client_of(admin)
    posted = {"field": "phone", "serves": forecast.pk, "reason": "تماس"}
    page = client.get("/fields/lead/ask/", headers=HTMX)
    assert list(page.context["form"].fields) == ["field", "serves", "instead_of", "reason"]
    refused = client.post("/fields/lead/ask/", posted)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["instead_of"])
    goes = FieldRule.objects.get(field="f3")
    assert client.post("/fields/lead/ask/", {**posted, "instead_of": goes.pk}).status_code == 303
    assert FieldRule.objects.get(slot=3).field == "phone"
    assert FieldRule.objects.filter(entity="lead").count() == 7


def test_needed_wants_a_stage(admin: User, forecast: KeyDecision, client_of: ClientOf) -> None:
    client, stages = client_of(admin), make_stages()
    posted = {"field": "amount", "mode": "needed", "serves": forecast.pk, "reason": "x"}
    refused = client.post("/fields/opportunity/ask/", posted)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["from_stage"])
    lost = client.post("/fields/opportunity/ask/", {**posted, "from_stage": stages[5].pk})
    assert list(lost.context["form"].errors) == ["from_stage"]
    guard = client.post("/fields/opportunity/ask/", {**posted, "field": "decider", "from_stage": stages[1].pk})
    assert list(guard.context["form"].errors) == ["mode"]
    assert client.post("/fields/opportunity/ask/", {**posted, "from_stage": stages[2].pk}).status_code == 303
    rule = FieldRule.objects.get()
    assert (rule.mode, rule.from_stage) == (Asking.NEEDED, stages[2])


def test_changing_and_stopping_keep_the_reason(admin: User, forecast: KeyDecision, client_of: ClientOf) -> None:
    rule = FieldRule.objects.create(entity="lead", field="phone", slot=1, serves=forecast)
    focus, client = KeyDecision.objects.get(slot=2), client_of(admin)
    client.post(f"/fields/rules/{rule.pk}/", {"serves": focus.pk, "reason": "تمرکز"})
    rule.refresh_from_db()
    assert rule.serves == focus
    assert client.post(f"/fields/rules/{rule.pk}/stop/", {"reason": ""}).status_code == 422
    client.post(f"/fields/rules/{rule.pk}/stop/", {"reason": "لازم نیست"})
    assert list(FormChange.objects.values_list("reason", flat=True)) == ["لازم نیست", "تمرکز"]
    assert not FieldRule.objects.exists()


def test_a_sixth_own_field_asks_which_one_goes(admin: User, forecast: KeyDecision, client_of: ClientOf) -> None:
    five = [own(f"Field {number}", forecast, admin) for number in range(1, 6)]
    client = client_of(admin)
    posted = {"label": "Field 6", "kind": "text", "serves": forecast.pk, "reason": "x"}
    refused = client.post("/fields/opportunity/own/", posted, headers=HTMX)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["instead_of"])
    client.post("/fields/opportunity/own/", {**posted, "instead_of": five[4].pk})
    assert [field.label for field in custom.live("opportunity")][-1] == "Field 6"


def test_choices_are_lines(admin: User, forecast: KeyDecision, client_of: ClientOf) -> None:
    client = client_of(admin)
    posted = {"label": "اندازه", "kind": "choice", "choices": "بزرگ", "serves": forecast.pk, "reason": "x"}
    assert list(client.post("/fields/customer/own/", posted).context["form"].errors) == ["choices"]
    client.post("/fields/customer/own/", {**posted, "choices": "بزرگ\n\n کوچک \nبزرگ"})
    assert CustomField.objects.get().choices == ["بزرگ", "کوچک"]


OWN: list[tuple[str, str, object, str]] = [
    (CustomKind.TEXT, " متن  تازه ", "متن تازه", "متن تازه"),
    (CustomKind.NUMBER, "۱۲٫۵", "12.5", "۱۲٫۵"),
    (CustomKind.MONEY, "۲ میلیون", "20000000", "۲٬۰۰۰٬۰۰۰"),
    (CustomKind.DATE, "۱۴۰۵/۰۹/۳۰", "2026-12-21", "۱۴۰۵/۰۹/۳۰"),
    (CustomKind.DATE, "2026-12-21", "2026-12-21", "۱۴۰۵/۰۹/۳۰"),
    (CustomKind.CHOICE, "ب", "ب", '<option value="ب" selected>'),
    (CustomKind.YES_NO, "no", False, '<option value="no" selected>'),
]


@pytest.mark.parametrize(("kind", "typed", "kept", "shown"), OWN)
def test_own_fields_of_each_kind_in_the_forms(
    kind: str, typed: str, kept: object, shown: str, admin: User, forecast: KeyDecision, sara: User, client_of: ClientOf
) -> None:
    choices = ["الف", "ب"] if kind == CustomKind.CHOICE else []
    for entity in Entity:
        own("Size", forecast, admin, kind, entity=entity, choices=choices)
    client, stage = client_of(sara), make_stages()[0]
    client.post("/deals/new/", {"title": "پمپ", "stage": stage.pk, "owner": sara.pk, "custom.size": typed})
    client.post("/leads/new/", {"name": "مینا", "owner": sara.pk, "custom.size": typed})
    client.post("/customers/new/", {"name": "کاوه", "owner": sara.pk, "custom.size": typed})
    made: list[Any] = [Opportunity.objects.get(), Lead.objects.get(), Customer.objects.get()]
    assert [record.custom for record in made] == [{"size": kept}] * 3
    for place, record in zip(("deals", "leads", "customers"), made, strict=True):
        page = client.get(f"/{place}/{record.pk}/edit/").content.decode()
        assert shown in page[page.index("custom.size") :]
        client.post(f"/{place}/{record.pk}/edit/", {"name": "نو", "title": "نو", "owner": sara.pk, "custom.size": ""})
        record.refresh_from_db()
        assert record.custom == {}


def test_a_wrong_value_of_an_own_field_stands_as_typed(
    admin: User, forecast: KeyDecision, sara: User, client_of: ClientOf
) -> None:
    own("Size", forecast, admin, CustomKind.NUMBER)
    deal = make_opportunity(owner=sara)
    refused = client_of(sara).post(f"/deals/{deal.pk}/edit/", {"title": "پمپ", "custom.size": "زیاد"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["custom.size"])
    assert 'value="زیاد"' in refused.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_guarded_stage_asks_for_own_fields_and_the_customer_too(
    headers: dict[str, str], admin: User, forecast: KeyDecision, sara: User, client_of: ClientOf
) -> None:
    stages = make_stages()
    for kind in (CustomKind.NUMBER, CustomKind.YES_NO, CustomKind.DATE):
        own(f"Own {kind}", forecast, admin, kind)
    need(stages[1], "customer", "amount", "custom.own_number", "custom.own_yes_no", "custom.own_date")
    deal = make_opportunity(owner=sara, customer=None, amount=Decimal(5), custom={"own_date": "2026-12-21"})
    client, url = client_of(sara), f"/deals/{deal.pk}/move/"
    asked = client.post(url, {"stage": stages[1].pk}, headers=headers)
    assert (asked.status_code, list(asked.context["form"].fields)) == (
        422, ["customer", "custom.own_number", "custom.own_yes_no"],
    )  # fmt: skip
    typed = {"stage": stages[1].pk, "asked": "1", "customer": "new:customer", "customer_text": "شرکت نو"}
    missing = client.post(url, {**typed, "custom.own_yes_no": "no"}, headers=headers)
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["custom.own_number"])
    assert Customer.objects.count() == 0
    client.post(url, {**typed, "custom.own_yes_no": "no", "custom.own_number": "۳"}, headers=headers)
    deal.refresh_from_db()
    assert (deal.stage, deal.customer and deal.customer.name) == (stages[1], "شرکت نو")
    assert deal.custom == {"own_date": "2026-12-21", "own_number": "3", "own_yes_no": False}


def test_a_new_deal_is_no_way_around_a_guard(sara: User, client_of: ClientOf) -> None:
    stages = install_playbook()
    posted = {"title": "پمپ", "stage": stages[2].pk, "customer": "new:customer", "customer_text": "شرکت نو"}
    refused = client_of(sara).post("/deals/new/", posted)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["amount"])
    assert (Opportunity.objects.count(), Customer.objects.count()) == (0, 0)
    assert client_of(sara).post("/deals/new/", {**posted, "amount": "۵"}).status_code == 303
    assert Opportunity.objects.get().stage == stages[2]


def test_the_card_of_a_field_says_what_it_feeds_and_takes_marks(
    sara: User, reza: User, forecast: KeyDecision, client_of: ClientOf
) -> None:
    FieldRule.objects.create(entity="lead", field="source", slot=1, serves=forecast)
    page = client_of(sara).get("/leads/new/").content.decode()
    assert 'hx-get="/fields/lead/source/why/"' in page
    assert '"/fields/lead/phone/why/"' not in page
    card = client_of(sara).get("/fields/lead/source/why/", headers=HTMX).content.decode()
    assert (forecast.name in card, forecast.owner.name in card, "<html" in card) == (True, True, False)
    for user in (sara, reza):
        client_of(user).post("/fields/lead/source/mark/", {"kind": "useless"}, headers=HTMX)
    pressed = client_of(sara).post("/fields/lead/source/mark/", {"kind": "slow"}, headers=HTMX).content.decode()
    assert pressed.count('aria-pressed="true"') == 2
    client_of(sara).post("/fields/lead/source/mark/", {"kind": "useless"})
    assert set(FieldMark.objects.values_list("kind", "by")) == {("useless", reza.pk), ("slow", sara.pk)}
    assert client_of(sara).post("/fields/lead/source/mark/", {"kind": "ugly"}).status_code == 404


@pytest.mark.parametrize("path", ["/fields/lead/nothing/why/", "/fields/person/phone/why/", "/fields/lead/name/why/"])
def test_a_field_that_is_not_asked_for_has_no_card(path: str, sara: User, client_of: ClientOf) -> None:
    assert client_of(sara).get(path).status_code == 404


def test_the_page_of_a_record_says_what_is_missing_and_why(
    sara: User, forecast: KeyDecision, client_of: ClientOf
) -> None:
    FieldRule.objects.create(entity="lead", field="source", slot=1, serves=forecast)
    lead = make_lead(owner=sara)
    page = client_of(sara).get(f"/leads/{lead.pk}/").content.decode()
    panel = page[page.index('id="asked"') :]
    assert forecast.name in panel
    Lead.objects.update(source="وب")
    assert 'id="asked"' not in client_of(sara).get(f"/leads/{lead.pk}/").content.decode()
    # After an edit in place the panel asks again for itself.
    assert f'hx-get="/records/lead/{lead.pk}/asked/"' in page
    Lead.objects.update(source="")
    assert forecast.name in client_of(sara).get(f"/records/lead/{lead.pk}/asked/").content.decode()
    assert client_of(sara).get(f"/records/contact/{lead.pk}/asked/").status_code == 404


def test_pages_cost_the_same_for_one_rule_and_many(
    admin: User, forecast: KeyDecision, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    FieldRule.objects.create(entity="lead", field="phone", slot=1, serves=forecast)
    own("Field 1", forecast, admin)
    client = client_of(admin)
    paths = ("/fields/", "/fields/report/", "/stages/", "/playbook/")
    first = [queries_of(client, path) for path in paths]
    for slot, name in enumerate(("company", "email", "source"), 2):
        FieldRule.objects.create(entity="lead", field=name, slot=slot, serves=forecast)
        own(f"Field {slot}", forecast, admin)
        make_lead()
        make_customer()
        make_opportunity()
    assert [queries_of(client, path) for path in paths] == first == [6, 9, 4, 2]


def test_losing_offers_the_list_and_takes_other_words(sara: User, today: date, client_of: ClientOf) -> None:
    lost = make_stages()[5]
    client = client_of(sara)
    for posted, kept in (
        ({"lost_reason": "قیمت"}, "قیمت"),
        ({"lost_reason": "قیمت", "lost_reason_other": "مدیرشان رفت"}, "مدیرشان رفت"),
    ):
        deal = make_opportunity(owner=sara)
        asked = client.post(f"/deals/{deal.pk}/move/", {"stage": lost.pk})
        assert list(asked.context["form"].fields) == ["lost_reason", "lost_reason_other"]
        bad = client.post(f"/deals/{deal.pk}/move/", {"stage": lost.pk, "asked": "1", "lost_reason_other": "نه"})
        assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["lost_reason"])
        client.post(f"/deals/{deal.pk}/move/", {"stage": lost.pk, "asked": "1", **posted})
        deal.refresh_from_db()
        assert (deal.lost_reason, deal.closed_on) == (kept, today)
