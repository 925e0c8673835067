"""Whose turn it is. The category's row is locked until the transaction ends, so two leads never get one turn."""

from heapq import heapify, heapreplace
from itertools import cycle, islice

from django.db.models import Count

from crm.models import Assignment, Lead, LeadCategory, LeadStatus
from members.models import Role, User


def next_people(category: LeadCategory, count: int) -> list[User | None]:
    """Who gets the next `count` leads of a category, in their order; nobody where they wait for anyone to take them."""
    if category.assignment == Assignment.NOBODY:
        return [None] * count
    locked = LeadCategory.objects.select_for_update().get(pk=category.pk)
    turn = _turn(locked)
    chosen = _least_loaded(turn, count) if locked.assignment == Assignment.LOAD else list(islice(cycle(turn), count))
    if not chosen:
        return [None] * count
    _remember(locked, chosen[-1])
    return list[User | None](chosen)


def next_person_but(category: LeadCategory, owner_id: int | None) -> User | None:
    """Who takes over a lead that `owner_id` did not answer in time; None when there is nobody else."""
    locked = LeadCategory.objects.select_for_update().get(pk=category.pk)
    turn = [person for person in _turn(locked) if person.pk != owner_id]
    if not turn:
        return None
    heir = _least_loaded(turn, 1)[0] if locked.assignment == Assignment.LOAD else turn[0]
    _remember(locked, heir)
    return heir


def candidates(category: LeadCategory) -> list[User]:
    """The active people of a category; all active reps where nobody is named."""
    named = list(category.people.order_by("pk"))
    if named:
        return [person for person in named if person.is_active and person.role != Role.EXECUTIVE]
    return list(User.objects.filter(is_active=True, role=Role.REP).order_by("pk"))


def _turn(category: LeadCategory) -> list[User]:
    """The candidates, beginning behind the one who was given the last lead, whether he is still here or not."""
    people = candidates(category)
    last = category.last_given_to_id or 0
    return [person for person in people if person.pk > last] + [person for person in people if person.pk <= last]


def _least_loaded(turn: list[User], count: int) -> list[User]:
    """Always to whom has the fewest live leads; the turn decides among equals."""
    if not turn:
        return []
    held = Lead.objects.filter(owner__in=turn, status__in=LeadStatus.live()).order_by().values_list("owner")
    loads = dict(held.annotate(count=Count("pk")))
    heap = [(loads.get(person.pk, 0), place, person) for place, person in enumerate(turn)]
    heapify(heap)
    chosen = []
    for _n in range(count):
        load, place, person = heap[0]
        chosen.append(person)
        heapreplace(heap, (load + 1, place, person))
    return chosen


def _remember(category: LeadCategory, person: User) -> None:
    category.last_given_to = person
    category.save(update_fields=["last_given_to"])
