"""The decision log and the page of one decision."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.models import KeyDecision
from members.models import User
from rituals import queries_decisions as queries
from rituals.models import ActionState, Decision, MeetingState, ReviewState, Verdict
from rituals.queries_decisions import Share
from tests.cast import NOW, ClientOf
from tests.factories.rituals import make_action, make_decision, make_meeting, make_ritual

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
LOG = "/decisions/"


def reviewed(owner: User, verdict: Verdict, **fields: Any) -> Decision:
    return make_decision(
        owner,
        review_state=ReviewState.REVIEWED,
        review_on=TODAY,
        happened="چنین شد",
        verdict=verdict,
        reviewed_at=NOW,
        reviewed_by=owner,
        **fields,
    )


def texts(response: Any) -> list[str]:
    return [row.decision.text for row in response.context["log"].rows]


def test_held_on_time_counts_skipped_and_late_ones_as_not(admin: User) -> None:
    ritual = make_ritual()
    for weeks, state in ((1, MeetingState.CLOSED), (2, MeetingState.SKIPPED), (3, MeetingState.CLOSED)):
        make_meeting(ritual, day=TODAY - timedelta(weeks=weeks), state=state)
    late = ritual.meetings.earliest("starts_at")
    late.started_at = late.starts_at + timedelta(minutes=61)
    late.save()
    make_meeting(ritual, day=TODAY - timedelta(weeks=4))
    make_meeting(ritual, day=TODAY)
    make_meeting(ritual, day=TODAY - timedelta(days=98), state=MeetingState.CLOSED)
    assert queries.held_on_time(NOW) == Share(1, 4)


def test_held_with_decision_leaves_taken_back_ones_out(nader: User) -> None:
    ritual = make_ritual()
    first, second, third = (
        make_meeting(ritual, day=TODAY - timedelta(weeks=weeks), state=MeetingState.CLOSED) for weeks in (1, 2, 3)
    )
    make_decision(nader, meeting=first)
    make_decision(nader, meeting=second, state="reversed", state_reason="اشتباه بود")
    assert third.decisions.count() == 0
    assert queries.held_with_decision(NOW) == Share(1, 3)


def test_promises_kept_are_measured_by_the_first_date(sara: User) -> None:
    meeting = make_meeting(state=MeetingState.CLOSED, day=TODAY - timedelta(14))
    past = TODAY - timedelta(7)
    make_action(meeting, sara, due_on=past, state=ActionState.DONE, closed_at=NOW - timedelta(days=8))
    make_action(meeting, sara, due_on=past, state=ActionState.DONE, closed_at=NOW)
    make_action(meeting, sara, due_on=past)
    make_action(meeting, sara, due_on=past, state=ActionState.DROPPED, closed_at=NOW, dropped_because="لازم نبود")
    make_action(meeting, sara, due_on=TODAY + timedelta(3))
    share = queries.done_by_their_date(TODAY)
    assert (share, share.percent) == (Share(1, 3), 33)


def test_turned_out_as_hoped(nader: User) -> None:
    for verdict in (Verdict.BETTER, Verdict.AS_EXPECTED, Verdict.WORSE):
        reviewed(nader, verdict)
    make_decision(nader)
    assert queries.turned_out_as_hoped() == Share(2, 3)
    assert Share(0, 0).percent is None


def test_the_log_shows_the_latest_first(client_of: ClientOf, nader: User, sara: User) -> None:
    make_decision(nader, text="کهنه", decided_on=TODAY - timedelta(9), number=1)
    make_decision(nader, text="تازه", number=2)
    response = client_of(sara).get(LOG)
    assert (response.status_code, texts(response)) == (200, ["تازه", "کهنه"])


def test_filters_by_owner_state_key_decision_and_due(client_of: ClientOf, nader: User, sara: User) -> None:
    forecast = KeyDecision.objects.create(slot=1, name="پیش‌بینی", sentence="چقدر؟", owner=nader)
    make_decision(sara, text="مال سارا", decider=nader)
    make_decision(nader, text="برگشته", state="reversed", state_reason="نشد")
    make_decision(nader, text="پیش‌بینی‌دار", serves=forecast)
    make_decision(nader, text="سررسیده", review_state=ReviewState.SCHEDULED, review_on=TODAY - timedelta(1))
    make_decision(nader, text="آینده", review_state=ReviewState.SCHEDULED, review_on=TODAY + timedelta(1))
    client = client_of(sara)
    assert texts(client.get(LOG, {"owner": sara.pk})) == ["مال سارا"]
    assert texts(client.get(LOG, {"state": "reversed"})) == ["برگشته"]
    assert texts(client.get(LOG, {"serves": forecast.pk})) == ["پیش‌بینی‌دار"]
    assert texts(client.get(LOG, {"show": "due"})) == ["سررسیده"]
    assert texts(client.get(LOG, {"show": "mine"})) == ["مال سارا"]
    assert client.get(LOG).context["log"].due_count == 1


def test_search_folds_what_is_typed(client_of: ClientOf, nader: User) -> None:
    make_decision(nader, text="تخفیف پلکانی کاوه")
    make_decision(nader, text="چیز دیگر")
    assert texts(client_of(nader).get(LOG, {"q": "پلكاني"})) == ["تخفیف پلکانی کاوه"]


def test_the_log_makes_the_same_queries_for_one_row_and_for_three(client_of: ClientOf, nader: User) -> None:
    client = client_of(nader)
    make_decision(nader)
    client.get(LOG)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(LOG)
    for _n in range(2):
        reviewed(nader, Verdict.WORSE, meeting=make_meeting(day=TODAY - timedelta(_n + 1)))
    with CaptureQueriesContext(connection) as three:
        client.get(LOG)
    assert len(three) == len(one)


def test_the_prediction_is_hidden_until_what_happened_is_written(client_of: ClientOf, nader: User) -> None:
    found = make_decision(nader, expected="رسیدن به قرارداد کاوه", review_state=ReviewState.SCHEDULED, review_on=TODAY)
    client = client_of(nader)
    assert "رسیدن به قرارداد کاوه" not in client.get(found.get_absolute_url()).content.decode()
    answer = client.post(
        reverse("rituals:decision_review", args=[found.pk]), {"happened": "امضا شد", "verdict": "better"}
    )
    assert (answer.status_code, answer["Location"]) == (303, found.get_absolute_url())
    assert "رسیدن به قرارداد کاوه" in client.get(found.get_absolute_url()).content.decode()


def test_a_review_without_words_keeps_what_was_typed(client_of: ClientOf, nader: User) -> None:
    found = make_decision(nader, review_state=ReviewState.SCHEDULED, review_on=TODAY)
    answer = client_of(nader).post(
        reverse("rituals:decision_review", args=[found.pk]), {"verdict": "cannot_tell", "lesson": "صبر کنیم"}
    )
    assert answer.status_code == 422
    form = answer.context["review_form"]
    assert (sorted(form.errors), form["lesson"].value()) == (["again_on", "happened"], "صبر کنیم")


def test_a_rep_reviews_only_his_own(client_of: ClientOf, nader: User, sara: User) -> None:
    of_nader = make_decision(nader, review_state=ReviewState.SCHEDULED, review_on=TODAY)
    of_sara = make_decision(sara, decider=nader, review_state=ReviewState.SCHEDULED, review_on=TODAY)
    client, words = client_of(sara), {"happened": "شد", "verdict": "better"}
    assert client.post(reverse("rituals:decision_review", args=[of_nader.pk]), words).status_code == 403
    assert client.post(reverse("rituals:decision_review", args=[of_sara.pk]), words).status_code == 303


def test_taking_back_wants_a_reason(client_of: ClientOf, nader: User) -> None:
    found = make_decision(nader)
    url = reverse("rituals:decision_reverse", args=[found.pk])
    assert client_of(nader).post(url, {"reason": ""}).status_code == 422
    assert client_of(nader).post(url, {"reason": "عوض شد"}).status_code == 303
    found.refresh_from_db()
    assert found.state == "reversed"


def test_recording_a_decision(client_of: ClientOf, leila: User, sara: User) -> None:
    url = reverse("rituals:decision_new")
    assert client_of(sara).get(url).status_code == 403
    client = client_of(leila)
    assert client.post(url, {"text": "تخفیف", "owner": sara.pk}).status_code == 422
    words = {"text": "تخفیف", "owner": sara.pk, "expected": "فروش بیشتر", "due_on": "۱۴۰۵/۰۹/۱۵"}
    assert client.post(url, words).status_code == 303
    made = Decision.objects.get()
    assert (made.text, made.owner, made.decider, made.due_on) == ("تخفیف", sara, leila, date(2026, 12, 6))


def test_the_export_is_a_pdf(client_of: ClientOf, leila: User) -> None:
    make_decision(leila)
    answer = client_of(leila).get(reverse("rituals:decisions_pdf"))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_today_shows_the_coming_meeting_and_due_reviews(client_of: ClientOf, nader: User, sara: User) -> None:
    make_meeting(day=TODAY + timedelta(1))
    ready = make_meeting(day=TODAY, state=MeetingState.PREPARING)
    make_decision(nader, text="مال نادر", review_state=ReviewState.SCHEDULED, review_on=TODAY)
    url = reverse("rituals:decide_today")
    seen = client_of(nader).get(url).context["screen"]
    assert (seen.coming, seen.due_count, [row.decision.text for row in seen.due]) == (ready, 1, ["مال نادر"])
    assert client_of(sara).get(url).context["screen"].due_count == 0


def test_an_executive_sees_what_was_decided_lately(client_of: ClientOf, nader: User, leila: User) -> None:
    made = make_decision(nader)
    url = reverse("rituals:decide_today")
    assert [row.decision for row in client_of(leila).get(url).context["screen"].latest] == [made]
    assert client_of(nader).get(url).context["screen"].latest == []
