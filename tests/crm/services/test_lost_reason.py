"""Eight reasons for losing at most, in the order of the admin, or a few words of one's own."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from crm.errors import ListFull, NameTaken, ReasonNeeded
from crm.models import LostReason
from crm.services import lost_reason as services
from crm.services import opportunity as opportunities
from members.models import User
from tests.factories.crm import make_opportunity, make_stages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_list() -> None:
    make_stages()
    LostReason.objects.all().delete()


def names() -> list[str]:
    return [reason.name for reason in services.listed()]


def test_eight_are_listed_and_a_ninth_is_refused() -> None:
    for number in range(1, 9):
        services.add(name=f"دلیل {number}")
    with pytest.raises(ListFull):
        services.add(name="دلیل ۹")
    with pytest.raises(IntegrityError, match="lost_reason_eight"), transaction.atomic():
        LostReason.objects.create(name="دلیل ۹", position=9)
    services.retire(LostReason.objects.get(position=3))
    services.add(name="دلیل ۹")
    assert names() == ["دلیل 1", "دلیل 2", "دلیل 4", "دلیل 5", "دلیل 6", "دلیل 7", "دلیل 8", "دلیل ۹"]


def test_a_retired_one_comes_back() -> None:
    first, second = services.add(name="قیمت"), services.add(name="رقیب")
    services.retire(first)
    assert names() == ["رقیب"]
    assert services.add(name="قیمت").pk == first.pk
    assert names() == ["رقیب", "قیمت"]
    with pytest.raises(NameTaken):
        services.add(name="قیمت")
    with pytest.raises(NameTaken):
        services.rename(second, name="قیمت")


def test_neighbours_swap_places() -> None:
    made = [services.add(name=name) for name in ("یک", "دو", "سه")]
    services.move(made[2], up=True)
    assert names() == ["یک", "سه", "دو"]
    services.move(made[0], up=True)
    services.move(made[1], up=False)
    assert names() == ["یک", "سه", "دو"]


@pytest.mark.parametrize(("reason", "good"), [("", False), ("  ", False), ("نه", False), ("گران", True), ("ق", True)])
def test_a_loss_is_explained_from_the_list_or_in_words(reason: str, good: bool, sara: User, today: date) -> None:
    services.add(name="ق")
    deal, lost = make_opportunity(owner=sara), make_stages()[5]
    if good:
        opportunities.move(deal, to=lost, by=sara, today=today, lost_reason=reason)
        assert deal.lost_reason == reason
    else:
        with pytest.raises(ReasonNeeded):
            opportunities.move(deal, to=lost, by=sara, today=today, lost_reason=reason)
