"""The short list that a lost deal is explained with. Deals keep the words, so the list can change freely."""

from django.db import IntegrityError, transaction

from crm.errors import ListFull, NameTaken
from crm.models import LostReason
from crm.models.custom_field import MOST_REASONS

SHORTEST = 3


def listed() -> list[LostReason]:
    return list(LostReason.objects.filter(position__isnull=False))


def explains(reason: str) -> bool:
    """A reason of the list, or a few words of one's own."""
    return len(reason.strip()) >= SHORTEST or LostReason.objects.filter(name=reason, position__isnull=False).exists()


def add(*, name: str) -> LostReason:
    """Puts a reason at the end; a retired one of this name comes back. Raises NameTaken, and ListFull at eight."""
    for _attempt in range(MOST_REASONS):
        taken = set(LostReason.objects.filter(position__isnull=False).values_list("position", flat=True))
        if len(taken) >= MOST_REASONS:
            raise ListFull
        try:
            with transaction.atomic():
                _close_up()
                return _place(name, len(taken) + 1)
        except IntegrityError:
            continue  # somebody took this place meanwhile
    raise ListFull


def rename(reason: LostReason, *, name: str) -> None:
    """Raises NameTaken. Deals that were lost for the old words keep them."""
    reason.name = name
    try:
        with transaction.atomic():
            reason.save(update_fields=["name"])
    except IntegrityError:
        raise NameTaken from None


@transaction.atomic
def move(reason: LostReason, *, up: bool) -> None:
    """Swaps places with the neighbour; at the end of the list nothing happens."""
    order = list(LostReason.objects.select_for_update().filter(position__isnull=False))
    place = next((index for index, one in enumerate(order) if one.pk == reason.pk), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    _number(order)


@transaction.atomic
def retire(reason: LostReason) -> None:
    LostReason.objects.filter(pk=reason.pk).update(position=None)
    _close_up()


def _place(name: str, position: int) -> LostReason:
    known = LostReason.objects.filter(name=name).first()
    if known and known.position:
        raise NameTaken
    reason = known or LostReason(name=name)
    reason.position = position
    reason.save()
    return reason


def _close_up() -> None:
    _number(list(LostReason.objects.select_for_update().filter(position__isnull=False)))


def _number(order: list[LostReason]) -> None:
    # Places are unique, so all are left before any is taken.
    LostReason.objects.filter(pk__in=[one.pk for one in order]).update(position=None)
    for position, one in enumerate(order, 1):
        one.position = position
    LostReason.objects.bulk_update(order, ["position"])
