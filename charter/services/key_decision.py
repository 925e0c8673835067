from django.db import IntegrityError, transaction

from charter import replacing
from charter.errors import NoFreeSlot
from charter.models import KeyDecision
from charter.models.key_decision import SLOTS
from members.models import User
from tenants import clock


def add(*, name: str, sentence: str, owner: User) -> KeyDecision:
    """Takes the lowest free slot. Raises NoFreeSlot when three are in force, also when two people add at once."""
    for _attempt in range(SLOTS):
        slot = _lowest_free_slot()
        try:
            with transaction.atomic():
                return KeyDecision.objects.create(slot=slot, name=name, sentence=sentence, owner=owner)
        except IntegrityError:
            continue  # somebody took this slot meanwhile
    raise NoFreeSlot


def change(key_decision: KeyDecision, *, name: str, sentence: str, owner: User) -> None:
    """Rewords a key decision that stays the same one; see `replace` for another one."""
    key_decision.name, key_decision.sentence, key_decision.owner = name, sentence, owner
    key_decision.save(update_fields=["name", "sentence", "owner"])


@transaction.atomic
def replace(old: KeyDecision, *, name: str, sentence: str, owner: User) -> KeyDecision:
    """Retires `old` and gives its slot to a new one. What served it (fields, rituals) serves the new one.

    Past decisions keep naming the old one. Raises NoFreeSlot if `old` was retired meanwhile.
    """
    slot = old.slot
    retired = KeyDecision.objects.filter(pk=old.pk, slot=slot).update(slot=None, retired_at=clock.now())
    if not retired:
        raise NoFreeSlot
    new = KeyDecision.objects.create(slot=slot, name=name, sentence=sentence, owner=owner)
    replacing.run(old, new)
    old.refresh_from_db()
    return new


def _lowest_free_slot() -> int:
    taken = set(KeyDecision.objects.values_list("slot", flat=True))
    free = [slot for slot in range(1, SLOTS + 1) if slot not in taken]
    if not free:
        raise NoFreeSlot
    return free[0]
