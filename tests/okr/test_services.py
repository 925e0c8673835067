"""Slots hold, also in a race; the rest of the verbs from both sides."""

import threading
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import tenant_context

from members.models import Team
from okr.errors import AnotherCycleRuns, NoFreeSlot, TooManyKeyResults, WrongState
from okr.models import CheckIn, CycleState, KeyResult, Objective, ObjectiveEvent, ObjectiveState
from okr.services import check_in, cycle, key_result, objective
from tests.factories.okr import FIRST, LAST, make_check_in, make_cycle, make_key_result, make_objective

pytestmark = pytest.mark.django_db


def slots(**which):
    found = Objective.objects.filter(slot__isnull=False, **which).order_by("slot")
    return [(row.slot, row.title) for row in found]


# --- Slots --------------------------------------------------------------------------------------------------------
def test_activating_takes_the_lowest_free_slot_of_the_level(sara, nader):
    make_objective(sara, slot=2)
    team = Team.objects.create(name="تهران")
    first, third = make_objective(sara), make_objective(sara)
    of_team = make_objective(sara, team=team)
    assert [objective.activate(one, cap=4, by=nader) for one in (first, third, of_team)] == [1, 3, 1]
    assert (first.state, first.slot) == (ObjectiveState.ACTIVE, 1)
    event = ObjectiveEvent.objects.get(objective=first)
    assert (event.old, event.new, event.by) == ("candidate", "active", nader)


@pytest.mark.parametrize("cap", [3, 4])
def test_one_more_than_the_cap_is_refused(sara, nader, cap):
    for slot in range(1, cap + 1):
        make_objective(sara, slot=slot)
    extra = make_objective(sara)
    with pytest.raises(NoFreeSlot) as refused:
        objective.activate(extra, cap=cap, by=nader)
    extra.refresh_from_db()
    assert (refused.value.cap, extra.state, extra.slot) == (cap, ObjectiveState.CANDIDATE, None)


def test_lowered_cap_counts_the_objective_that_still_holds_slot_four(sara, nader):
    for slot in (1, 2, 4):
        make_objective(sara, slot=slot)
    with pytest.raises(NoFreeSlot):
        objective.activate(make_objective(sara), cap=3, by=nader)


def test_only_a_candidate_of_the_running_cycle_is_activated(sara, nader):
    active = make_objective(sara, slot=1)
    drafted = make_objective(sara, cycle=make_cycle(CycleState.DRAFT))
    for one in (active, drafted):
        with pytest.raises(WrongState):
            objective.activate(one, cap=4, by=nader)


def test_swap_gives_the_place_and_keeps_the_reason(sara, nader):
    for slot in (1, 2, 3):
        make_objective(sara, slot=slot)
    out, coming = make_objective(sara, slot=4, title="قدیمی"), make_objective(sara, title="تازه")
    assert objective.swap(coming, out=out, cap=4, by=nader, because="بازار عوض شد") == 4
    out.refresh_from_db()
    assert (out.state, out.slot, coming.slot) == (ObjectiveState.CANDIDATE, None, 4)
    assert ObjectiveEvent.objects.get(objective=out).because == "بازار عوض شد"


def test_swap_with_another_level_is_refused_and_changes_nothing(sara, nader):
    out = make_objective(sara, slot=1, team=Team.objects.create(name="شیراز"))
    with pytest.raises(WrongState):
        objective.swap(make_objective(sara), out=out, cap=4, by=nader)
    assert slots() == [(1, out.title)]


def test_release_frees_the_slot_once(sara, nader):
    active = make_objective(sara, slot=1)
    objective.release(active, by=nader, because="نمی‌رسیم")
    assert (active.state, active.slot) == (ObjectiveState.CANDIDATE, None)
    with pytest.raises(WrongState):
        objective.release(active, by=nader)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("held", "second"), [(3, NoFreeSlot), (0, 2)])
def test_two_transactions_want_the_same_slot_and_one_gets_it(acme, sara, nader, held, second):
    """The second writes the slot that the first has written but not committed yet, and waits for it."""
    for slot in range(1, held + 1):
        make_objective(sara, slot=slot)
    candidates = [make_objective(sara), make_objective(sara)]
    outcome: list[object] = []

    def activate_the_second():
        try:
            with tenant_context(acme):
                outcome.append(objective.activate(candidates[1], cap=4, by=nader))
        except NoFreeSlot as refused:
            outcome.append(type(refused))
        finally:
            connection.close()

    other = threading.Thread(target=activate_the_second)
    with transaction.atomic():
        assert objective.activate(candidates[0], cap=4, by=nader) == held + 1
        other.start()
        wait_for_a_blocked_connection()
    other.join(20)
    assert outcome == [second]
    assert len({slot for slot, _title in slots()}) == (4 if held else 2)


def wait_for_a_blocked_connection():
    """Until PostgreSQL says that somebody waits for a lock of ours; a few seconds at most."""
    # Not pg_stat_activity: within a transaction that one keeps its first answer.
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            if cursor.execute(blocked).fetchone()[0]:
                return
    pytest.fail("Nobody waited.")


# --- Constraints --------------------------------------------------------------------------------------------------
def refused_by(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_database_holds_the_slots(sara):
    make_objective(sara, slot=1)
    team = Team.objects.create(name="تبریز")
    make_objective(sara, slot=1, team=team)
    refused_by("objective_slot_once", lambda: make_objective(sara, slot=1))
    refused_by("objective_slot_once", lambda: make_objective(sara, slot=1, team=team))
    make_objective(sara, slot=4)
    refused_by("objective_slot_1_to_4", lambda: make_objective(sara, slot=5))
    refused_by("objective_slot_1_to_4", lambda: make_objective(sara, slot=0, state="active"))
    refused_by("objective_active_has_slot", lambda: make_objective(sara, state="active"))
    refused_by("objective_active_has_slot", lambda: make_objective(sara, slot=2, state="candidate"))
    refused_by("objective_has_title", lambda: make_objective(sara, title=""))


def test_database_holds_key_results_and_check_ins(sara, today):
    owner = make_objective(sara)
    for _ in range(5):
        result = make_key_result(owner)
    refused_by("key_result_at_most_five", lambda: make_key_result(owner, position=6))
    refused_by("key_result_position_once", lambda: make_key_result(owner, position=5))
    other = make_objective(sara)
    refused_by("key_result_target_differs|key_result_direction_fits", lambda: make_key_result(other, target=0))
    refused_by("key_result_direction_fits", lambda: make_key_result(other, direction="down"))
    make_check_in(result, 1, confidence=1)
    refused_by("check_in_once_a_day", lambda: make_check_in(result, 2))
    make_check_in(result, 1, today - timedelta(1), confidence=10)
    refused_by("check_in_confidence", lambda: make_check_in(result, 1, today - timedelta(2), confidence=0))
    refused_by("check_in_confidence", lambda: make_check_in(result, 1, today - timedelta(2), confidence=11))


def test_database_holds_one_running_cycle(db):
    make_cycle(name="پاییز")
    make_cycle(CycleState.DRAFT)
    make_cycle(CycleState.DRAFT)
    refused_by("cycle_one_active", make_cycle)
    refused_by("okr_cycle_name", lambda: make_cycle(CycleState.DRAFT, name="پاییز"))
    refused_by("cycle_ends_after_start", lambda: make_cycle(CycleState.DRAFT, ends_on=FIRST))


# --- Cycles, key results, check-ins -------------------------------------------------------------------------------
def test_one_cycle_runs_at_a_time(nader):
    autumn, winter = (cycle.create(name=name, starts_on=FIRST, ends_on=LAST) for name in ("پاییز", "زمستان"))
    cycle.activate(autumn)
    with pytest.raises(AnotherCycleRuns) as refused:
        cycle.activate(winter)
    winter.refresh_from_db()
    assert (refused.value.name, winter.state) == ("پاییز", CycleState.DRAFT)
    cycle.close(autumn, by=nader)
    cycle.activate(winter)
    assert winter.state == CycleState.ACTIVE
    with pytest.raises(WrongState):
        cycle.activate(winter)
    with pytest.raises(WrongState):
        cycle.close(autumn, by=nader)


def test_closing_ends_the_active_ones_and_the_next_cycle_takes_the_candidates(sara, nader):
    old = make_cycle()
    active, waiting = make_objective(sara, slot=1), make_objective(sara)
    cycle.close(old, by=nader)
    new = cycle.create(name="بهار", starts_on=date(2027, 3, 21), ends_on=date(2027, 6, 21))
    cycle.activate(new)
    active.refresh_from_db()
    waiting.refresh_from_db()
    assert (active.state, active.slot, active.cycle) == (ObjectiveState.CLOSED, None, old)
    assert (waiting.state, waiting.cycle) == (ObjectiveState.CANDIDATE, new)
    assert ObjectiveEvent.objects.get(objective=active).new == "closed"


def test_key_result_takes_the_next_place_and_its_direction_from_the_numbers(sara):
    owner = make_objective(sara)

    def add(baseline, target):
        return key_result.add(
            owner, title="الف", unit="ساعت", baseline=Decimal(baseline), target=Decimal(target), owner=sara
        )

    made = [add(0, 10), add(24, 4), add(1, 2), add(1, 2), add(1, 2)]
    assert [(one.position, one.direction) for one in made[:2]] == [(1, "up"), (2, "down")]
    with pytest.raises(TooManyKeyResults):
        add(0, 1)
    made[1].delete()
    assert add(0, 1).position == 2


def test_key_result_that_goes_nowhere_is_refused(sara):
    with pytest.raises(IntegrityError), transaction.atomic():
        key_result.add(
            make_objective(sara), title="الف", unit="ساعت", baseline=Decimal(3), target=Decimal(3), owner=sara
        )
    assert not KeyResult.objects.exists()


def test_edit_turns_the_direction_with_the_numbers_and_keeps_check_ins(sara, reza):
    edited = make_key_result(make_objective(sara))
    make_check_in(edited, 10)
    key_result.edit(
        edited, title="ب", unit="روز", baseline=Decimal(9), target=Decimal(3), owner=reza, guard="کیفیت نیفتد"
    )
    edited.refresh_from_db()
    assert (edited.title, edited.direction, edited.owner, edited.guard) == ("ب", "down", reza, "کیفیت نیفتد")
    assert edited.check_ins.count() == 1


def test_second_check_in_of_a_day_corrects_the_first(sara, reza, today):
    result = make_key_result(make_objective(sara, slot=1))
    check_in.record(key_result=result, day=today, value=Decimal(5), confidence=7, by=sara)
    check_in.record(key_result=result, day=today, value=Decimal(6), confidence=4, by=reza, note="اشتباه شده بود")
    row = CheckIn.objects.get()
    assert (int(row.value), row.confidence, row.by, row.note, row.guard_holds) == (6, 4, reza, "اشتباه شده بود", True)


def test_closed_objective_takes_no_numbers(sara, today):
    result = make_key_result(make_objective(sara, state=ObjectiveState.CLOSED))
    with pytest.raises(WrongState):
        check_in.record(key_result=result, day=today, value=Decimal(5), confidence=7, by=sara)
    assert not CheckIn.objects.exists()


def test_proposed_objective_is_a_candidate_with_a_note_of_who_proposed_it(sara, nader):
    made = objective.propose(cycle=make_cycle(), title="مشتری بزرگ", owner=sara, by=nader, why="رقیب آمده")
    assert (made.state, made.slot, made.owner, made.why) == (ObjectiveState.CANDIDATE, None, sara, "رقیب آمده")
    event = ObjectiveEvent.objects.get()
    assert (event.old, event.new, event.by) == ("", "candidate", nader)


def test_edit_rewrites_the_words_and_leaves_the_place(sara, reza):
    edited = make_objective(sara, slot=2)
    objective.edit(edited, title="تازه", owner=reza)
    edited.refresh_from_db()
    assert (edited.title, edited.owner, edited.slot) == ("تازه", reza, 2)
