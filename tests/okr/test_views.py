"""The pages of the objectives for each role."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tenants.utils import tenant_context

from members.models import Team
from okr.models import CheckIn, Cycle, CycleState, KeyResult, Objective, ObjectiveState
from tests.factories.okr import make_check_in, make_cycle, make_key_result, make_objective

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, *args):
    return reverse(f"okr:{name}", args=args)


def statements(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def objective_data(owner, **fields):
    return {"title": "مشتری‌ها را نگه می‌داریم", "why": "", "owner": owner.pk, "team": "", "serves": "", **fields}


def key_result_data(owner, **fields):
    return {"title": "تمدید", "baseline": "۰", "target": "۱۲٫۵", "unit": "قرارداد", "owner": owner.pk, **fields}


# --- Reading ------------------------------------------------------------------------------------------------------
def test_everybody_reads_the_objectives(client_of, sara, nader, leila, admin):
    objective = make_objective(sara, slot=1)
    for user in (sara, nader, leila, admin):
        client = client_of(user)
        assert client.get(url("objectives")).status_code == 200
        assert client.get(url("objective", objective.pk)).status_code == 200


def test_levels_with_their_slots_and_candidates(client_of, sara, nader):
    team = Team.objects.create(name="تهران")
    first, third = make_objective(sara, slot=1), make_objective(sara, slot=3)
    waiting, of_team = make_objective(sara), make_objective(sara, slot=2, team=team)
    screen = client_of(nader).get(url("objectives")).context["screen"]
    firm, tehran = screen.levels
    assert [(slot, card and card.objective) for slot, card in firm.slots] == [
        (1, first),
        (2, None),
        (3, third),
        (4, None),
    ]
    assert [card.objective for card in firm.candidates] == [waiting]
    assert (firm.taken, firm.is_full, tehran.team) == (2, False, team)
    assert [card and card.objective for _slot, card in tehran.slots] == [None, of_team, None, None]
    assert (screen.expected, screen.days_left) == (50, 50)


def test_tenant_with_three_places_shows_three_and_a_fourth_only_while_it_is_held(client_of, acme, sara, nader):
    acme.objective_cap = 3
    acme.save()
    make_objective(sara, slot=1)
    assert len(client_of(nader).get(url("objectives")).context["screen"].levels[0].slots) == 3
    make_objective(sara, slot=4)
    assert len(client_of(nader).get(url("objectives")).context["screen"].levels[0].slots) == 4


def test_page_counts_healths_of_what_holds_a_slot(client_of, sara, nader):
    active = make_objective(sara, slot=1)
    make_check_in(make_key_result(active), 60)
    make_key_result(active)
    make_key_result(make_objective(sara))
    screen = client_of(nader).get(url("objectives")).context["screen"]
    assert [(one.tone, one.count) for one in screen.healths] == [("", 1), ("ok", 1)]
    assert screen.levels[0].slots[0][1].health == "pending"


def test_without_a_cycle_the_page_says_what_to_do(client_of, sara, nader):
    assert url("cycle_new") in client_of(nader).get(url("objectives")).content.decode()
    assert url("cycle_new") not in client_of(sara).get(url("objectives")).content.decode()


def test_pages_ask_as_many_questions_for_three_rows_as_for_one(client_of, sara, nader):
    client = client_of(nader)
    objective = make_objective(sara, slot=1)
    one_page = url("objective", objective.pk)
    make_check_in(make_key_result(objective), 10)
    client.get(one_page)
    few, few_of_one = statements(client, url("objectives")), statements(client, one_page)
    for name in ("تهران", "شیراز"):
        make_check_in(make_key_result(objective), 10)
        of_team = make_objective(sara, slot=1, team=Team.objects.create(name=name))
        make_check_in(make_key_result(of_team), 5)
    assert statements(client, url("objectives")) == few == 6
    assert statements(client, one_page) == few_of_one == 6


def test_a_key_result_has_its_page_at_its_objective(client_of, sara):
    result = make_key_result(make_objective(sara, slot=1))
    client = client_of(sara)
    as_page, as_row = client.get(url("key_result", result.pk)), client.get(url("key_result", result.pk), **HTMX)
    assert (as_page.status_code, as_page["Location"]) == (302, result.objective.get_absolute_url())
    assert f'id="key-result-{result.pk}"' in as_row.text
    assert "<html" not in as_row.text


# --- Who writes ---------------------------------------------------------------------------------------------------
def test_reps_do_not_write_objectives(client_of, sara):
    active, candidate = make_objective(sara, slot=1), make_objective(sara)
    result, draft = make_key_result(active), make_cycle(CycleState.DRAFT)
    client = client_of(sara)
    for name, args in [
        ("objective_new", []),
        ("objective_edit", [active.pk]),
        ("objective_activate", [candidate.pk]),
        ("objective_swap", [candidate.pk]),
        ("objective_release", [active.pk]),
        ("key_result_new", [active.pk]),
        ("key_result_edit", [result.pk]),
        ("cycle_new", []),
        ("cycle_activate", [draft.pk]),
        ("cycle_close", [active.cycle_id]),
    ]:
        assert client.post(url(name, *args)).status_code == 403, name


def test_what_does_not_exist_is_404_and_acts_want_a_post(client_of, nader, sara):
    client, active = client_of(nader), make_objective(sara, slot=1)
    for name in ("objective", "objective_edit", "objective_swap", "key_result_new", "key_result_edit", "check_in"):
        assert client.get(url(name, 0)).status_code == 404, name
    for name in ("objective_activate", "objective_release", "cycle_activate", "cycle_close"):
        assert client.get(url(name, active.pk)).status_code == 405, name


# --- Objectives ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["nader", "leila", "admin"])
def test_writers_propose(who, request, client_of, sara):
    make_cycle()
    team = Team.objects.create(name="تهران")
    user = request.getfixturevalue(who)
    response = client_of(user).post(url("objective_new"), objective_data(sara, team=team.pk))
    made = Objective.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.owner, made.team, made.state) == (sara, team, ObjectiveState.CANDIDATE)


def test_proposal_without_a_title_comes_back_as_typed(client_of, sara, nader):
    make_cycle()
    response = client_of(nader).post(url("objective_new"), objective_data(sara, title="", why="رقیب آمده"))
    assert (response.status_code, "رقیب آمده" in response.content.decode()) == (422, True)
    assert not Objective.objects.exists()


def test_without_a_cycle_a_proposal_leads_to_opening_one(client_of, nader):
    response = client_of(nader).get(url("objective_new"))
    assert (response.status_code, response.headers["Location"]) == (303, url("cycle_new"))


def test_edit_keeps_the_place(client_of, sara, reza, nader):
    edited = make_objective(sara, slot=3)
    client_of(nader).post(url("objective_edit", edited.pk), objective_data(reza, title="تازه"))
    edited.refresh_from_db()
    assert (edited.title, edited.owner, edited.slot) == ("تازه", reza, 3)


def test_fifth_is_led_to_a_swap_and_swapped(client_of, sara, nader):
    held = [make_objective(sara, slot=slot) for slot in (1, 2, 3, 4)]
    extra = make_objective(sara)
    client = client_of(nader)
    response = client.post(url("objective_activate", extra.pk))
    assert response.headers["Location"] == url("objective_swap", extra.pk)
    page = client.get(response.headers["Location"])
    assert list(page.context["form"].fields["out"].queryset) == held
    assert client.post(url("objective_swap", extra.pk), {}).status_code == 422
    client.post(url("objective_swap", extra.pk), {"out": held[1].pk, "because": "بازار عوض شد"})
    extra.refresh_from_db()
    held[1].refresh_from_db()
    assert (extra.slot, held[1].slot, held[1].events.get().because) == (2, None, "بازار عوض شد")


def test_swap_with_an_objective_of_another_level_is_no_choice(client_of, sara, nader):
    other = make_objective(sara, slot=1, team=Team.objects.create(name="تهران"))
    extra = make_objective(sara)
    assert client_of(nader).post(url("objective_swap", extra.pk), {"out": other.pk}).status_code == 422


def test_activate_and_release(client_of, sara, nader):
    candidate = make_objective(sara)
    client = client_of(nader)
    client.post(url("objective_activate", candidate.pk))
    candidate.refresh_from_db()
    assert candidate.slot == 1
    client.post(url("objective_release", candidate.pk), {"because": "نمی‌رسیم"})
    candidate.refresh_from_db()
    assert candidate.slot is None
    assert candidate.events.latest("at", "pk").because == "نمی‌رسیم"


# --- Key results and check-ins ------------------------------------------------------------------------------------
def test_key_result_is_added_with_persian_numbers(client_of, sara, nader):
    objective = make_objective(sara, slot=1)
    client_of(nader).post(url("key_result_new", objective.pk), key_result_data(sara))
    made = KeyResult.objects.get()
    assert (made.target, made.direction, made.owner) == (Decimal("12.50"), "up", sara)


def test_key_result_that_goes_nowhere_and_a_sixth_one_are_refused_kindly(client_of, sara, nader):
    objective = make_objective(sara, slot=1)
    client = client_of(nader)
    address = url("key_result_new", objective.pk)
    assert client.post(address, key_result_data(sara, target="۰")).status_code == 422
    for _ in range(5):
        make_key_result(objective)
    assert client.post(address, key_result_data(sara)).status_code == 422
    assert KeyResult.objects.count() == 5


def test_edited_key_result(client_of, sara, nader):
    edited = make_key_result(make_objective(sara, slot=1))
    client_of(nader).post(url("key_result_edit", edited.pk), key_result_data(sara, baseline="24", target="4"))
    edited.refresh_from_db()
    assert (edited.title, edited.direction) == ("تمدید", "down")


def test_owner_checks_in_and_sees_his_row_again(client_of, sara, today):
    result = make_key_result(make_objective(sara, slot=1))
    client, address = client_of(sara), url("check_in", result.pk)
    assert 'name="confidence"' in client.get(address, **HTMX).content.decode()
    response = client.post(address, {"value": "۶۰", "confidence": "8"}, **HTMX)
    made = CheckIn.objects.get()
    assert (int(made.value), made.confidence, made.day, made.by, made.guard_holds) == (60, 8, today, sara, True)
    assert (response.status_code, response.context["row"].standing.health) == (200, "on_track")


def test_somebody_elses_number_is_not_a_reps_to_report(client_of, sara, reza, leila):
    result = make_key_result(make_objective(sara, slot=1))
    data = {"value": "60", "confidence": "8"}
    assert client_of(reza).post(url("check_in", result.pk), data).status_code == 403
    assert client_of(leila).post(url("check_in", result.pk), data).status_code == 303


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"confidence": "8"}, 200),
        ({"confidence": "7"}, 200),
        ({"confidence": "6"}, 422),
        ({"confidence": "10"}, 422),
        ({"confidence": "6", "note": "مشتری بزرگ عقب انداخت"}, 200),
        ({"confidence": "8", "guard_broken": "on"}, 422),
        ({"confidence": "8", "guard_broken": "on", "note": "حاشیه کم شد"}, 200),
        ({"confidence": "11"}, 422),
        ({}, 422),
    ],
)
def test_one_line_is_owed_only_when_there_is_something_to_explain(client_of, sara, today, data, status):
    result = make_key_result(make_objective(sara, slot=1), guard="حاشیهٔ سود")
    make_check_in(result, 50, today.replace(day=14), confidence=8)
    response = client_of(sara).post(url("check_in", result.pk), {"value": "55", **data}, **HTMX)
    assert response.status_code == status
    assert CheckIn.objects.filter(day=today).exists() == (status == 200)


def test_low_confidence_always_owes_a_line(client_of, sara):
    result = make_key_result(make_objective(sara, slot=1))
    address = url("check_in", result.pk)
    assert client_of(sara).post(address, {"value": "5", "confidence": "4"}, **HTMX).status_code == 422
    assert client_of(sara).post(address, {"value": "5", "confidence": "5"}, **HTMX).status_code == 200


def test_broken_guard_is_written_down(client_of, sara):
    result = make_key_result(make_objective(sara, slot=1), guard="حاشیهٔ سود")
    data = {"value": "99", "confidence": "9", "guard_broken": "on", "note": "تخفیف دادیم"}
    response = client_of(sara).post(url("check_in", result.pk), data, **HTMX)
    assert (CheckIn.objects.get().guard_holds, response.context["row"].standing.health) == (False, "at_risk")


# --- Cycles -------------------------------------------------------------------------------------------------------
def test_first_cycle_runs_at_once_and_the_next_one_waits(client_of, nader):
    client = client_of(nader)
    dates = {"starts_on": "۱۴۰۵/۰۷/۰۱", "ends_on": "۱۴۰۵/۰۹/۳۰"}
    client.post(url("cycle_new"), {"name": "پاییز", **dates})
    client.post(url("cycle_new"), {"name": "زمستان", **dates})
    autumn, winter = Cycle.objects.get(name="پاییز"), Cycle.objects.get(name="زمستان")
    assert (autumn.state, winter.state) == (CycleState.ACTIVE, CycleState.DRAFT)
    client.post(url("cycle_activate", winter.pk))
    winter.refresh_from_db()
    assert winter.state == CycleState.DRAFT
    client.post(url("cycle_close", autumn.pk))
    client.post(url("cycle_activate", winter.pk))
    winter.refresh_from_db()
    assert winter.state == CycleState.ACTIVE


@pytest.mark.parametrize(
    "data",
    [
        {"name": "پاییز", "starts_on": "۱۴۰۵/۰۷/۰۱", "ends_on": "۱۴۰۵/۰۷/۰۱"},
        {"name": "", "starts_on": "۱۴۰۵/۰۷/۰۱", "ends_on": "۱۴۰۵/۰۹/۳۰"},
        {"name": "پارسال", "starts_on": "۱۴۰۵/۰۷/۰۱", "ends_on": "۱۴۰۵/۰۹/۳۰"},
    ],
)
def test_wrong_cycle_comes_back_with_422(client_of, nader, data):
    make_cycle(CycleState.CLOSED, name="پارسال")
    assert client_of(nader).post(url("cycle_new"), data).status_code == 422
    assert Cycle.objects.count() == 1


def test_closed_cycle_stays_readable(client_of, sara):
    old = make_cycle(CycleState.CLOSED)
    objective = make_objective(sara, cycle=old, state=ObjectiveState.CLOSED)
    screen = client_of(sara).get(f"{url('objectives')}?cycle={old.pk}").context["screen"]
    assert [card.objective for card in screen.levels[0].candidates] == [objective]


def test_other_firm_has_its_own_objectives(client_of, sara, gina, globex):
    mine = make_objective(sara, slot=1)
    with tenant_context(globex):
        assert not Objective.objects.exists()
    assert client_of(gina).get(url("objective", mine.pk)).status_code == 404
