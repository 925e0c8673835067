import pytest

from charter.errors import NoFreeSlot
from charter.models import KeyDecision
from charter.services import key_decision as services
from crm.models import FieldRule
from members.models import User
from tests.cast import NOW
from tests.factories.charter import make_key_decision
from tests.factories.crm import install_playbook

pytestmark = pytest.mark.django_db


def test_add_takes_the_lowest_free_place(admin: User) -> None:
    make_key_decision(admin, 1)
    make_key_decision(admin, 3)
    assert services.add(name="نو", sentence="چه کنیم؟", owner=admin).slot == 2


def test_a_fourth_is_refused(admin: User) -> None:
    for slot in (1, 2, 3):
        make_key_decision(admin, slot)
    with pytest.raises(NoFreeSlot):
        services.add(name="نو", sentence="چه کنیم؟", owner=admin)
    assert KeyDecision.everything.count() == 3


def test_change_keeps_the_place(admin: User, nader: User) -> None:
    kept = make_key_decision(admin, 2)
    services.change(kept, name="نام نو", sentence="پرسش نو؟", owner=nader)
    stored = KeyDecision.objects.get()
    assert (stored.slot, stored.name, stored.sentence, stored.owner) == (2, "نام نو", "پرسش نو؟", nader)


def test_replace_retires_the_old_one_and_hands_its_fields_over(admin: User, nader: User) -> None:
    install_playbook(admin=admin)
    old = KeyDecision.objects.get(slot=1)
    served = set(FieldRule.objects.filter(serves=old).values_list("field", flat=True))
    assert served == {"amount", "expected_close"}
    new = services.replace(old, name="نو", sentence="چه کنیم؟", owner=nader)
    assert (new.slot, old.slot, old.retired_at) == (1, None, NOW)
    assert set(FieldRule.objects.filter(serves=new).values_list("field", flat=True)) == served
    assert [row.name for row in KeyDecision.objects.all()] == ["نو", "تمرکز فروشنده‌ها"]


def test_what_is_retired_is_not_replaced_again(admin: User) -> None:
    old = make_key_decision(admin, 1)
    stale = KeyDecision.objects.get(pk=old.pk)
    services.replace(old, name="نو", sentence="چه کنیم؟", owner=admin)
    for again in (old, stale):
        with pytest.raises(NoFreeSlot):
            services.replace(again, name="دیرتر", sentence="چه کنیم؟", owner=admin)
    assert KeyDecision.objects.get().name == "نو"
