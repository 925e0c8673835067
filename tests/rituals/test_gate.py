from collections.abc import Callable
from datetime import date

import pytest

from members.models import User
from rituals.models import (
    ActionItem,
    Attendance,
    Cause,
    Decision,
    ItemKind,
    Meeting,
    MeetingState,
    NoDecisionCode,
    RitualKind,
    Section,
)
from rituals.services import action, gate, outcome
from rituals.services import meeting as meetings
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
REASON = "دادهٔ فصل هنوز کامل نبود"


def codes(meeting: Meeting) -> list[str]:
    return [line.code for line in gate.missing(meeting)]


@pytest.fixture
def whole(nader: User, sara: User) -> Meeting:
    """A pipeline review that lacks nothing: one decided item, one answered promise, somebody present."""
    meeting = make_meeting(state=MeetingState.WRAP_UP)
    attend(meeting, nader)
    make_item(meeting, kind=ItemKind.ACTIONS, section=Section.ACTIONS, needs_decision=False, title="")
    held = make_meeting(meeting.ritual, day=date(2026, 11, 14), state=MeetingState.CLOSED)
    make_appearance(make_action(held, sara), meeting, answer="done")
    item = make_item(meeting, title="قرارداد سالانه", outcome="decided", outcome_at=meeting.ended_at, outcome_by=nader)
    decision = make_decision(sara, meeting=meeting, item=item, review_state="scheduled", review_on=date(2026, 12, 12))
    make_action(meeting, sara, decision=decision, item=item)
    return meeting


def test_nothing_is_missing_from_a_whole_meeting(whole: Meeting) -> None:
    assert gate.missing(whole) == []


BREAKS: dict[str, tuple[Callable[[Meeting], object], str]] = {
    "an item without outcome": (
        lambda m: m.items.filter(outcome="decided").update(outcome="", outcome_at=None, outcome_by=None),
        "G1",
    ),
    "a decided item whose decision was taken back": (
        lambda m: (
            Decision.objects.update(state="reversed", state_reason="اشتباه"),
            Meeting.objects.filter(pk=m.pk).update(no_decision_code="other", no_decision_reason=REASON),
        ),
        "G1",
    ),
    "no decision and no reason": (
        lambda m: (
            Decision.objects.all().delete(),
            m.items.filter(outcome="decided").update(outcome="seen", needs_decision=False),
        ),
        "G2",
    ),
    "an unanswered promise": (
        lambda m: m.appearances.update(answer=""),
        "G3",
    ),
    "a decision without a day to look back": (
        lambda m: Decision.objects.update(review_state="none", review_on=None, text="تخفیف"),
        "G4",
    ),
    "a promise of somebody who left": (
        lambda m: (
            User.objects.filter(name="سارا کریمی").update(is_active=False),
            ActionItem.objects.update(text="تماس"),
        ),
        "G4",
    ),
    "a promise for a day before the meeting": (
        lambda m: ActionItem.objects.filter(meeting=m).update(original_due_on=date(2026, 11, 20), text="تماس"),
        "G4",
    ),
    "nobody present": (
        lambda m: Attendance.objects.update(present=False),
        "G5",
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_each_single_thing_that_is_missing_is_named(broken: str, whole: Meeting) -> None:
    break_it, code = BREAKS[broken]
    break_it(whole)
    whole.refresh_from_db()
    assert codes(whole) == [code]


def test_what_is_missing_points_to_where_it_is_repaired(whole: Meeting) -> None:
    whole.items.filter(outcome="decided").update(outcome="", outcome_at=None, outcome_by=None)
    whole.appearances.update(answer="")
    first, second = gate.missing(whole)
    assert first.item is not None
    assert second.item is not None
    assert (first.item.kind, second.item.title) == (ItemKind.ACTIONS, "قرارداد سالانه")


def test_a_reason_of_two_words_does_not_stand_for_a_decision(nader: User) -> None:
    meeting = make_meeting(state=MeetingState.WRAP_UP, no_decision_code="other", no_decision_reason="وقت نشد")
    attend(meeting, nader)
    assert codes(meeting) == ["G2"]
    meeting.no_decision_reason = "وقت نشد چون دیر شروع کردیم"
    assert codes(meeting) == []


def test_headings_and_information_need_no_outcome(nader: User) -> None:
    meeting = make_meeting(state=MeetingState.WRAP_UP, no_decision_code="other", no_decision_reason=REASON)
    attend(meeting, nader)
    make_item(meeting, needs_decision=False)
    assert codes(meeting) == []


def test_a_promise_kept_on_the_page_of_today_counts_as_answered(nader: User, sara: User) -> None:
    meeting = make_meeting(state=MeetingState.WRAP_UP, no_decision_code="other", no_decision_reason=REASON)
    attend(meeting, nader)
    held = make_meeting(meeting.ritual, day=date(2026, 11, 14), state=MeetingState.CLOSED)
    promise = make_action(held, sara)
    make_appearance(promise, meeting)
    assert codes(meeting) == ["G3"]
    action.complete(promise, by=sara)
    assert codes(meeting) == []


class TestReviewOfObjectives:
    @pytest.fixture
    def review(self, nader: User) -> Meeting:
        meeting = make_meeting(make_ritual(RitualKind.OKR), state=MeetingState.WRAP_UP)
        attend(meeting, nader)
        make_item(
            meeting,
            kind=ItemKind.KEY_RESULT,
            section=Section.KEY_RESULTS,
            outcome="no_decision",
            outcome_code="other",
            outcome_reason="ماه بعد",
            outcome_at=meeting.ended_at,
            outcome_by=nader,
        )
        return meeting

    def test_something_off_track_wants_a_corrective_action_or_a_reason(self, review: Meeting) -> None:
        assert codes(review) == ["G2", "G6"]
        review.no_decision_code, review.no_decision_reason = NoDecisionCode.MISSING_DATA, REASON
        assert codes(review) == []

    def test_a_decision_of_another_kind_does_not_stand_for_one(self, review: Meeting, sara: User) -> None:
        make_decision(sara, meeting=review, kind="other", review_state="scheduled", review_on=date(2026, 12, 12))
        assert codes(review) == ["G6"]

    def test_a_corrective_action_names_its_cause(self, review: Meeting, sara: User) -> None:
        decision = make_decision(
            sara, meeting=review, kind="corrective", review_state="scheduled", review_on=date(2026, 12, 12)
        )
        promise = make_action(review, sara, decision=decision)
        assert codes(review) == ["G6"]
        ActionItem.objects.filter(pk=promise.pk).update(cause=Cause.UNKNOWN)
        assert codes(review) == []

    def test_without_anything_off_track_none_is_needed(self, review: Meeting, sara: User) -> None:
        review.items.all().delete()
        make_decision(sara, meeting=review, kind="other", review_state="scheduled", review_on=date(2026, 12, 12))
        assert codes(review) == []


def test_an_open_meeting_lists_what_is_missing_before_it_ends(nader: User, today: date) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    item = make_item(meeting, title="قرارداد")
    assert codes(meeting) == ["G1", "G2", "G5"]
    outcome.no_decision(item, code="nothing_needed", reason="تازه شروع شده", by=nader)
    meetings.attend(meeting, present=[nader])
    assert codes(meeting) == ["G2"]
