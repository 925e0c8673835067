"""The firm's own fields: five slots, a label each, values that outlive the field."""

import pytest

from charter.models import KeyDecision
from charter.services import key_decision as key_decisions
from crm.fields import catalog, custom, rules
from crm.fields.errors import LabelTaken, NeedsChoices, SlotsTaken
from crm.models import CustomField, CustomKind, Entity, FieldRule, FormChange, Stage
from crm.services import customer as customers
from members.models import User
from tests.factories.crm import make_customer, make_stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


@pytest.fixture
def forecast(stages: list[Stage]) -> KeyDecision:
    return KeyDecision.objects.get(slot=1)


def add(label: str, serves: KeyDecision, admin: User, **more: object) -> CustomField:
    values = {"entity": Entity.CUSTOMER, "kind": CustomKind.TEXT, "reason": "لازم است", **more}
    return custom.add(label=label, serves=serves, by=admin, **values)  # type: ignore[arg-type]


def test_five_live_ones_and_a_sixth_wants_room(forecast: KeyDecision, admin: User) -> None:
    five = [add(f"Field {number}", forecast, admin) for number in range(1, 6)]
    assert [(field.slot, field.key) for field in five] == [
        (1, "field_1"), (2, "field_2"), (3, "field_3"), (4, "field_4"), (5, "field_5"),
    ]  # fmt: skip
    with pytest.raises(SlotsTaken):
        add("Field 6", forecast, admin)
    sixth = add("Field 6", forecast, admin, instead_of=five[1])
    assert (sixth.slot, [field.label for field in custom.live(Entity.CUSTOMER)]) == (
        2, ["Field 1", "Field 6", "Field 3", "Field 4", "Field 5"],
    )  # fmt: skip
    assert add("Other", forecast, admin, entity=Entity.LEAD).slot == 1


def test_a_key_is_never_used_again(forecast: KeyDecision, admin: User) -> None:
    first = add("منطقه", forecast, admin)
    custom.retire(first, by=admin, reason="x")
    second = add("منطقه", forecast, admin)
    assert (first.key, second.key, second.slot) == ("field", "field_2", 1)


def test_a_label_is_taken_once_also_by_built_in_fields(forecast: KeyDecision, admin: User) -> None:
    add("منطقه", forecast, admin)
    for label in ("منطقه", "City"):
        with pytest.raises(LabelTaken):
            add(label, forecast, admin)


def test_a_choice_wants_two_choices(forecast: KeyDecision, admin: User) -> None:
    for choices in ([], ["الف"], ["الف", "الف"]):
        with pytest.raises(NeedsChoices):
            add("اندازه", forecast, admin, kind=CustomKind.CHOICE, choices=choices)
    assert add("اندازه", forecast, admin, kind=CustomKind.CHOICE, choices=["الف", "ب"]).choices == ["الف", "ب"]


def test_renaming_keeps_key_and_values(forecast: KeyDecision, admin: User) -> None:
    field = add("Region", forecast, admin)
    customer = make_customer()
    customers.change(customer, values={field.name: "شمال"}, by=admin)
    custom.change(field, label="Area", serves=forecast, by=admin, reason="روشن‌تر")
    customer.refresh_from_db()
    assert customer.custom == {"region": "شمال"}
    info = catalog.field(Entity.CUSTOMER, "custom.region")
    assert info is not None
    assert info.label == "Area"
    change = FormChange.objects.first()
    assert change is not None
    assert (change.label, change.what) == ("Area", "renamed from “Region”")


def test_retiring_stops_asking_and_keeps_values(forecast: KeyDecision, admin: User) -> None:
    field = add("Region", forecast, admin)
    rules.ask(entity=Entity.CUSTOMER, field=field.name, serves=forecast, by=admin, reason="x")
    customer = make_customer(custom={"region": "شمال"})
    custom.retire(field, by=admin, reason="به کار نیامد")
    assert not FieldRule.objects.exists()
    assert catalog.field(Entity.CUSTOMER, field.name) is None
    customer.refresh_from_db()
    assert customer.custom == {"region": "شمال"}


def test_own_fields_follow_a_replaced_key_decision(forecast: KeyDecision, admin: User) -> None:
    field = add("Region", forecast, admin)
    new = key_decisions.replace(forecast, name="نو", sentence="چه کنیم؟", owner=admin)
    field.refresh_from_db()
    assert field.serves == new
