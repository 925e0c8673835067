"""The pages of meetings, as people of each role meet them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import NextStep, Opportunity
from members.models import User
from rituals.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    ItemKind,
    Meeting,
    MeetingState,
    Section,
)
from rituals.services import agenda
from tests.cast import NOW, ClientOf
from tests.factories.crm import make_customer, make_next_step, make_opportunity
from tests.factories.rituals import (
    attend,
    make_action,
    make_appearance,
    make_decision,
    make_item,
    make_meeting,
    make_ritual,
)

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def deal(sara: User) -> Opportunity:
    return make_opportunity(
        "قرارداد سالانه", amount=Decimal(12_500_000_000), owner=sara, customer=make_customer("پتروشیمی کاوه")
    )


@pytest.fixture
def running(deal: Opportunity, nader: User, today: date) -> Meeting:
    meeting = make_meeting(make_ritual(facilitator=nader))
    agenda.build(meeting, today=today, now=NOW)
    meeting.state, meeting.started_at, meeting.current_since = MeetingState.RUNNING, NOW, NOW
    meeting.current_item = meeting.items.get(opportunity=deal)
    meeting.save()
    attend(meeting, nader)
    return meeting


def item_of(meeting: Meeting) -> AgendaItem:
    return meeting.items.get(kind=ItemKind.DEAL)


def page(client: Any, url: str, **extra: Any) -> str:
    response = client.get(url, **extra)
    assert response.status_code == 200
    return str(response.content.decode())


PLAN = {"kind": "new_plan", "text": "جلسه با مدیر مالی", "due_on": "۱۴۰۵/۰۹/۲۵", "expected": "مرحلهٔ قرارداد"}


class TestReading:
    def test_the_running_meeting_shows_the_frozen_facts_beside_the_live_ones(
        self, running: Meeting, deal: Opportunity, nader: User, client_of: ClientOf
    ) -> None:
        Opportunity.objects.filter(pk=deal.pk).update(amount=Decimal(9_000_000_000))
        shown = page(client_of(nader), running.get_absolute_url())
        assert "۱٫۳ میلیارد تومان" in shown
        assert "۹۰۰ میلیون تومان" in shown
        assert "پتروشیمی کاوه · قرارداد سالانه" in shown
        assert f"/agenda-items/{item_of(running).pk}/decide/" in shown

    @pytest.mark.parametrize("who", ["sara", "leila"])
    def test_reps_and_executives_read_along(
        self, who: str, running: Meeting, client_of: ClientOf, request: pytest.FixtureRequest
    ) -> None:
        shown = page(client_of(request.getfixturevalue(who)), running.get_absolute_url())
        assert "پتروشیمی کاوه" in shown
        assert "/decide/" not in shown
        assert "/end/" not in shown

    def test_a_meeting_of_the_other_firm_does_not_exist(
        self, running: Meeting, gina: User, client_of: ClientOf
    ) -> None:
        assert client_of(gina).get(running.get_absolute_url()).status_code == 404

    def test_any_item_can_be_looked_at(self, running: Meeting, leila: User, client_of: ClientOf) -> None:
        changes = running.items.get(kind=ItemKind.CHANGES)
        shown = page(client_of(leila), f"{running.get_absolute_url()}item/{changes.pk}/")
        assert 'id="item-title"' in shown

    def test_an_item_of_another_meeting_is_not_found_here(
        self, running: Meeting, leila: User, client_of: ClientOf
    ) -> None:
        other = make_item(make_meeting(running.ritual, day=date(2026, 11, 28)))
        assert client_of(leila).get(f"{running.get_absolute_url()}item/{other.pk}/").status_code == 404

    def test_the_page_costs_the_same_for_one_item_and_for_three(
        self, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        client, kept = client_of(nader), item_of(running).facts
        page(client, running.get_absolute_url())
        with CaptureQueriesContext(connection) as one:
            page(client, running.get_absolute_url())
        for _ in range(2):
            item = make_item(running, opportunity=make_opportunity(), facts=kept)
            make_decision(nader, meeting=running, item=item)
        with CaptureQueriesContext(connection) as three:
            page(client, running.get_absolute_url())
        assert len(three) == len(one)

    def test_the_presentation_view_stays_over_a_step(self, running: Meeting, nader: User, client_of: ClientOf) -> None:
        client = client_of(nader)
        shown = page(client, f"{running.get_absolute_url()}?present=1")
        assert 'class="present"' in shown
        response = client.post(f"/meetings/{running.pk}/end/?present=1")
        assert response.headers["Location"] == f"{running.get_absolute_url()}?present=1"


class TestBefore:
    def test_the_agenda_is_built_by_a_press(self, deal: Opportunity, nader: User, client_of: ClientOf) -> None:
        meeting = make_meeting()
        response = client_of(nader).post(f"/meetings/{meeting.pk}/prepare/")
        assert (response.status_code, response.headers["Location"]) == (303, meeting.get_absolute_url())
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.PREPARING
        assert item_of(meeting).opportunity == deal

    def test_starting_notes_who_is_there(self, nader: User, sara: User, leila: User, client_of: ClientOf) -> None:
        meeting = make_meeting()
        client = client_of(nader)
        asked = page(client, f"/meetings/{meeting.pk}/start/")
        assert f'value="{sara.pk}"' in asked
        response = client.post(f"/meetings/{meeting.pk}/start/", {"present": [nader.pk, sara.pk]})
        assert response.status_code == 303
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.RUNNING
        assert set(Attendance.objects.values_list("member", flat=True)) == {nader.pk, sara.pk}

    def test_nobody_cannot_hold_a_meeting(self, nader: User, client_of: ClientOf) -> None:
        meeting = make_meeting()
        assert client_of(nader).post(f"/meetings/{meeting.pk}/start/", {}).status_code == 422
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.SCHEDULED

    def test_calling_off_needs_a_reason(self, nader: User, client_of: ClientOf) -> None:
        meeting = make_meeting()
        assert client_of(nader).post(f"/meetings/{meeting.pk}/skip/", {"reason": ""}).status_code == 422
        assert client_of(nader).post(f"/meetings/{meeting.pk}/skip/", {"reason": "تعطیل رسمی"}).status_code == 303
        meeting.refresh_from_db()
        assert (meeting.state, meeting.skipped_because) == (MeetingState.SKIPPED, "تعطیل رسمی")


RUNS: list[tuple[str, str]] = [
    ("meetings/{meeting}/prepare/", "meeting"),
    ("meetings/{meeting}/start/", "meeting"),
    ("meetings/{meeting}/go/", "meeting"),
    ("meetings/{meeting}/attend/", "meeting"),
    ("meetings/{meeting}/add/", "meeting"),
    ("meetings/{meeting}/end/", "meeting"),
    ("meetings/{meeting}/defer-rest/", "meeting"),
    ("meetings/{meeting}/close/", "meeting"),
    ("meetings/{meeting}/reopen/", "meeting"),
    ("meetings/{meeting}/skip/", "meeting"),
    ("agenda-items/{item}/decide/", "item"),
    ("agenda-items/{item}/defer/", "item"),
    ("agenda-items/{item}/delegate/", "item"),
    ("agenda-items/{item}/no-decision/", "item"),
    ("agenda-items/{item}/seen/", "item"),
    ("agenda-items/{item}/undo/", "item"),
]


@pytest.mark.parametrize("path", [path for path, _of in RUNS])
@pytest.mark.parametrize("who", ["sara", "leila"])
def test_who_does_not_run_the_meeting_changes_nothing(
    path: str, who: str, running: Meeting, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    before = Meeting.objects.values().get(pk=running.pk)
    url = "/" + path.format(meeting=running.pk, item=item_of(running).pk)
    assert client_of(request.getfixturevalue(who)).post(url, PLAN).status_code == 403
    assert Meeting.objects.values().get(pk=running.pk) == before


def test_the_facilitator_runs_it_whatever_his_role(running: Meeting, leila: User, client_of: ClientOf) -> None:
    Meeting.objects.filter(pk=running.pk).update(facilitator=leila)
    assert client_of(leila).post(f"/meetings/{running.pk}/end/").status_code == 303


class TestDeciding:
    def url(self, meeting: Meeting, way: str = "decide") -> str:
        return f"/agenda-items/{item_of(meeting).pk}/{way}/"

    def test_a_plan_is_applied_and_said(
        self, running: Meeting, deal: Opportunity, sara: User, nader: User, client_of: ClientOf
    ) -> None:
        response = client_of(nader).post(self.url(running), {**PLAN, "owner": sara.pk})
        assert (response.status_code, response.headers["Location"]) == (303, running.get_absolute_url())
        step = NextStep.objects.get(opportunity=deal)
        assert (step.what, step.owner, step.due_on) == ("جلسه با مدیر مالی", sara, date(2026, 12, 16))
        assert Decision.objects.get().expected == "مرحلهٔ قرارداد"

    def test_with_htmx_the_room_comes_back_with_the_decision(
        self, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        response = client_of(nader).post(self.url(running), PLAN, **HTMX)
        shown = response.content.decode()
        assert response.status_code == 200
        assert response.headers["HX-Push-Url"] == running.get_absolute_url()
        assert shown.lstrip().startswith("<div")
        assert "<html" not in shown
        assert "جلسه با مدیر مالی" in shown
        assert "۱۴۰۵-۰۰۱" in shown or "1405-001" in shown

    def test_what_was_typed_stays_when_something_is_missing(
        self, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        typed = {**PLAN, "expected": "", "due_on": "روز بعد از عید"}
        response = client_of(nader).post(self.url(running), typed)
        shown = response.content.decode()
        assert response.status_code == 422
        assert 'value="جلسه با مدیر مالی"' in shown
        assert 'value="روز بعد از عید"' in shown
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"kind": "new_plan", "text": "تماس", "expected": "پاسخ"}, "due_on"),
            ({"kind": "change_owner", "expected": "پاسخ"}, "new_owner"),
            ({"kind": "drop"}, "lost_reason"),
            ({"kind": "help", "due_on": "فردا", "expected": "پاسخ"}, "text"),
        ],
    )
    def test_each_kind_asks_for_its_own_fields(
        self, typed: dict[str, str], field: str, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        response = client_of(nader).post(self.url(running), typed)
        form = response.context["screen"].panel.forms["decide"]
        assert (response.status_code, list(form.errors)) == (422, [field])

    def test_changing_the_owner_needs_no_words(
        self, running: Meeting, deal: Opportunity, reza: User, nader: User, client_of: ClientOf
    ) -> None:
        typed = {"kind": "change_owner", "new_owner": reza.pk, "expected": "پاسخ تا آخر ماه"}
        assert client_of(nader).post(self.url(running), typed).status_code == 303
        deal.refresh_from_db()
        assert deal.owner == reza
        assert "رضا مرادی" in Decision.objects.get().text

    def test_a_new_forecast_changes_the_deal(
        self, running: Meeting, deal: Opportunity, nader: User, client_of: ClientOf
    ) -> None:
        typed = {
            "kind": "change_forecast",
            "new_amount": "۹۰۰ میلیون",
            "new_close": "۱۴۰۵/۱۰/۰۱",
            "new_stage": deal.stage_id,
        }
        assert client_of(nader).post(self.url(running), typed).status_code == 303
        deal.refresh_from_db()
        assert (deal.amount, deal.expected_close) == (Decimal(9_000_000_000), date(2026, 12, 22))

    def test_nothing_new_is_said_so_in_the_form(
        self, running: Meeting, deal: Opportunity, nader: User, client_of: ClientOf
    ) -> None:
        typed = {"kind": "change_forecast", "new_amount": "۱٬۲۵۰٬۰۰۰٬۰۰۰", "new_stage": deal.stage_id}
        response = client_of(nader).post(self.url(running), typed)
        assert response.status_code == 422
        assert len(response.context["screen"].panel.forms["decide"].non_field_errors()) == 1

    def test_dropping_loses_the_deal(
        self, running: Meeting, deal: Opportunity, nader: User, client_of: ClientOf
    ) -> None:
        client_of(nader).post(self.url(running), {"kind": "drop", "lost_reason": "بودجه نداشتند"})
        deal.refresh_from_db()
        assert (deal.is_open, deal.lost_reason) == (False, "بودجه نداشتند")

    def test_two_people_decide_and_the_second_is_told(
        self, running: Meeting, nader: User, admin: User, client_of: ClientOf
    ) -> None:
        url = self.url(running)
        client_of(nader).post(url, PLAN)
        response = client_of(admin).post(url, PLAN)
        assert response.status_code == 422
        assert Decision.objects.count() == 1

    def test_the_other_endings(
        self, running: Meeting, reza: User, nader: User, today: date, client_of: ClientOf
    ) -> None:
        client = client_of(nader)
        item = item_of(running)
        assert client.post(self.url(running, "defer"), {"reason": ""}).status_code == 422
        assert client.post(self.url(running, "defer"), {"reason": "مدیر مالی نبود"}).status_code == 303
        item.refresh_from_db()
        assert item.outcome == "deferred"
        client.post(self.url(running, "undo"))
        client.post(self.url(running, "delegate"), {"to": reza.pk, "until": "فردا", "reason": "قیمت بگیر"})
        item.refresh_from_db()
        assert (item.outcome, item.delegated_to, item.until) == ("delegated", reza, today + timedelta(days=1))
        client.post(self.url(running, "undo"))
        client.post(self.url(running, "no-decision"), {"code": "missing_data", "reason": "مبلغ معلوم نیست"})
        item.refresh_from_db()
        assert (item.outcome, item.outcome_code) == ("no_decision", "missing_data")

    def test_a_stuck_deal_is_brought_in(self, running: Meeting, nader: User, sara: User, client_of: ClientOf) -> None:
        other = make_opportunity("دیگری")
        client_of(nader).post(f"/meetings/{running.pk}/add/", {"deal": other.pk})
        assert running.items.get(opportunity=other).added_by == nader
        client_of(nader).post(f"/meetings/{running.pk}/add/", {"title": "تخفیف پلکانی"})
        assert running.items.get(kind=ItemKind.TOPIC).title == "تخفیف پلکانی"


class TestPromises:
    @pytest.fixture
    def promise(self, running: Meeting, sara: User) -> ActionItem:
        held = make_meeting(running.ritual, day=date(2026, 11, 14), state=MeetingState.CLOSED)
        promise = make_action(held, sara, due_in=-2, next_step=make_next_step(sara))
        make_appearance(promise, running)
        make_item(running, kind=ItemKind.ACTIONS, section=Section.ACTIONS, needs_decision=False, title="")
        return promise

    def url(self, promise: ActionItem, way: str = "answer") -> str:
        return f"/promises/{promise.appearances.get().pk}/{way}/"

    def test_a_tick_keeps_it_and_can_be_taken_back(self, promise: ActionItem, nader: User, client_of: ClientOf) -> None:
        client = client_of(nader)
        client.post(self.url(promise), {"answer": "done"})
        promise.refresh_from_db()
        assert promise.state == "done"
        client.post(self.url(promise, "take-back"))
        promise.refresh_from_db()
        assert promise.state == "open"

    def test_still_open_asks_for_day_and_reason_beside_the_promise(
        self, promise: ActionItem, nader: User, client_of: ClientOf
    ) -> None:
        client = client_of(nader)
        response = client.post(self.url(promise), {"answer": "still_open", "reason": "مشتری نبود"})
        [shown] = response.context["screen"].panel.promises
        assert (response.status_code, list(shown.form.errors)) == (422, ["new_due_on"])
        client.post(self.url(promise), {"answer": "still_open", "reason": "مشتری نبود", "new_due_on": "فردا"})
        promise.refresh_from_db()
        assert (promise.due_on, promise.slips) == (date(2026, 11, 22), 1)

    def test_a_rep_cannot_answer_in_the_meeting_but_ticks_his_own_outside(
        self, promise: ActionItem, sara: User, reza: User, client_of: ClientOf
    ) -> None:
        assert client_of(sara).post(self.url(promise), {"answer": "done"}).status_code == 403
        assert client_of(reza).post(f"/actions/{promise.pk}/done/").status_code == 403
        assert client_of(sara).post(f"/actions/{promise.pk}/done/").status_code == 303
        promise.refresh_from_db()
        assert promise.closed_by == sara


class TestClosing:
    def test_closing_is_refused_with_links_to_what_is_missing(
        self, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        client = client_of(nader)
        client.post(f"/meetings/{running.pk}/end/")
        response = client.post(f"/meetings/{running.pk}/close/", {})
        shown = response.content.decode()
        assert response.status_code == 422
        assert [line.code for line in response.context["screen"].missing] == ["G1", "G2"]
        assert f'href="/meetings/{running.pk}/item/{item_of(running).pk}/"' in shown
        running.refresh_from_db()
        assert running.state == MeetingState.WRAP_UP

    def test_what_is_left_is_put_off_with_one_reason(self, running: Meeting, nader: User, client_of: ClientOf) -> None:
        client = client_of(nader)
        client.post(f"/meetings/{running.pk}/end/")
        assert client.post(f"/meetings/{running.pk}/defer-rest/", {"reason": ""}).status_code == 422
        client.post(f"/meetings/{running.pk}/defer-rest/", {"reason": "وقت نشد"})
        assert item_of(running).outcome == "deferred"

    def test_a_whole_meeting_is_closed(self, running: Meeting, nader: User, client_of: ClientOf) -> None:
        client = client_of(nader)
        client.post(f"/agenda-items/{item_of(running).pk}/decide/", PLAN)
        client.post(f"/meetings/{running.pk}/end/")
        assert client.post(f"/meetings/{running.pk}/close/", {}).status_code == 303
        running.refresh_from_db()
        assert running.state == MeetingState.CLOSED
        assert "جلسه با مدیر مالی" in page(client, running.get_absolute_url())

    def test_a_short_reason_for_no_decision_is_not_enough(
        self, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        client = client_of(nader)
        client.post(f"/agenda-items/{item_of(running).pk}/no-decision/", {"code": "other", "reason": "بعداً"})
        client.post(f"/meetings/{running.pk}/end/")
        url = f"/meetings/{running.pk}/close/"
        short = {"no_decision_code": "out_of_time", "no_decision_reason": "وقت نشد"}
        assert client.post(url, short).status_code == 422
        long = {**short, "no_decision_reason": "وقت نشد چون دیر شروع کردیم"}
        assert client.post(url, long).status_code == 303

    def test_a_closed_meeting_is_opened_for_correction(
        self, running: Meeting, nader: User, client_of: ClientOf
    ) -> None:
        Meeting.objects.filter(pk=running.pk).update(state="closed", closed_at=NOW)
        client_of(nader).post(f"/meetings/{running.pk}/reopen/", {"reason": "نام اشتباه"})
        running.refresh_from_db()
        assert running.state == MeetingState.WRAP_UP


class TestPulse:
    def test_nothing_new_is_no_content(self, running: Meeting, leila: User, client_of: ClientOf) -> None:
        response = client_of(leila).get(f"/meetings/{running.pk}/pulse/?version={running.version}", **HTMX)
        assert (response.status_code, response.content) == (204, b"")

    def test_readers_get_the_room_and_who_types_gets_a_word(
        self, running: Meeting, leila: User, nader: User, client_of: ClientOf
    ) -> None:
        url = f"/meetings/{running.pk}/pulse/?version={running.version - 1}"
        read = client_of(leila).get(url, **HTMX)
        assert read.headers["HX-Retarget"] == "#room"
        assert "پتروشیمی کاوه" in read.content.decode()
        told = client_of(nader).get(url, **HTMX)
        assert "HX-Retarget" not in told.headers
        assert "پتروشیمی کاوه" not in told.content.decode()
