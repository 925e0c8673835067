from django.db import IntegrityError, transaction

from charter.models import KeyDecision
from members.models import Team, User
from okr.errors import NoFreeSlot, WrongState
from okr.models import SLOTS, Cycle, CycleState, Objective, ObjectiveEvent, ObjectiveState
from tenants import clock


@transaction.atomic
def propose(
    *,
    cycle: Cycle,
    title: str,
    owner: User,
    by: User,
    team: Team | None = None,
    why: str = "",
    serves: KeyDecision | None = None,
) -> Objective:
    """Puts a candidate forward, of the firm or (with `team`) of a team. Candidates are unlimited: they hold no slot."""
    objective = Objective.objects.create(cycle=cycle, title=title, owner=owner, team=team, why=why, serves=serves)
    _note(objective, "", ObjectiveState.CANDIDATE, by=by)
    return objective


def edit(objective: Objective, *, title: str, owner: User, why: str = "", serves: KeyDecision | None = None) -> None:
    """Rewrites the words. Level, cycle and slot stay."""
    objective.title, objective.owner, objective.why, objective.serves = title, owner, why, serves
    objective.save(update_fields=["title", "owner", "why", "serves"])


def activate(objective: Objective, *, cap: int, by: User) -> int:
    """Gives the candidate the lowest free slot of its level in its running cycle; returns the slot.

    `cap` is the tenant's number of slots. Raises NoFreeSlot when all are taken (see `swap`), WrongState when it is no
    candidate any more or its cycle does not run. Safe against a race: the database holds each slot once, and whoever
    comes second looks for the next free one.
    """
    for _attempt in range(SLOTS + 1):
        try:
            return _take_slot(objective, cap=cap, by=by)
        except IntegrityError:
            continue
    raise NoFreeSlot(cap)


def swap(objective: Objective, *, out: Objective, cap: int, by: User, because: str = "") -> int:
    """Lets the candidate in for `out`, which becomes a candidate again. Raises what `release` and `activate` raise."""
    if (out.cycle_id, out.team_id) != (objective.cycle_id, objective.team_id):
        raise WrongState
    try:
        with transaction.atomic():
            release(out, by=by, because=because)
            return _take_slot(objective, cap=cap, by=by)
    except IntegrityError as error:
        raise NoFreeSlot(cap) from error


@transaction.atomic
def release(objective: Objective, *, by: User, because: str = "") -> None:
    """Takes the objective out of its slot, back to the candidates. Raises WrongState when it holds none."""
    locked = _locked(objective, ObjectiveState.ACTIVE)
    locked.state, locked.slot = ObjectiveState.CANDIDATE, None
    locked.save(update_fields=["state", "slot"])
    _note(locked, ObjectiveState.ACTIVE, ObjectiveState.CANDIDATE, by=by, because=because)
    objective.refresh_from_db()


@transaction.atomic
def _take_slot(objective: Objective, *, cap: int, by: User) -> int:
    locked = _locked(objective, ObjectiveState.CANDIDATE)
    if locked.cycle.state != CycleState.ACTIVE:
        raise WrongState
    slot = _lowest_free_slot(locked, cap)
    locked.state, locked.slot = ObjectiveState.ACTIVE, slot
    locked.save(update_fields=["state", "slot"])
    _note(locked, ObjectiveState.CANDIDATE, ObjectiveState.ACTIVE, by=by)
    objective.refresh_from_db()
    return slot


def _lowest_free_slot(objective: Objective, cap: int) -> int:
    level = Objective.objects.filter(cycle=objective.cycle_id, team=objective.team_id, slot__isnull=False)
    taken = set(level.values_list("slot", flat=True))
    free = [slot for slot in range(1, cap + 1) if slot not in taken]
    # A tenant that lowered its cap may still hold slot 4 until that objective goes.
    if not free or len(taken) >= cap:
        raise NoFreeSlot(cap)
    return free[0]


def _locked(objective: Objective, state: ObjectiveState) -> Objective:
    locked = Objective.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=objective.pk)
    if locked.state != state:
        raise WrongState
    return locked


def _note(objective: Objective, old: str, new: str, *, by: User, because: str = "") -> None:
    ObjectiveEvent.objects.create(objective=objective, at=clock.now(), by=by, old=old, new=new, because=because)
