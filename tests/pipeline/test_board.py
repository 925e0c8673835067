import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import NextStep, Opportunity, Stage
from members.models import Team, User
from pipeline.ordering import CLOSED_ORDER, OPEN_ORDER
from tests.cast import ClientOf
from tests.factories.crm import make_next_step, make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


def titles(response: Any) -> dict[str, list[str]]:
    return {column.stage.name: [card.title for card in column.cards] for column in response.context["board"].columns}


def move_url(deal: Opportunity, owner: str = "all") -> str:
    return f"{reverse('pipeline:move', args=[deal.pk])}?owner={owner}"


def test_a_column_counts_and_sums_what_it_holds(client_of: ClientOf, nader: User, stages: list[Stage]) -> None:
    make_opportunity("الف", stage=stages[0], amount=Decimal(100))
    make_opportunity("ب", stage=stages[0], amount=None)
    make_opportunity("پ", stage=stages[2], amount=Decimal(70))

    response = client_of(nader).get(reverse("pipeline:board"))

    found = [(column.stage.name, column.count, column.amount) for column in response.context["board"].columns]
    assert found == [
        ("شناسایی", 2, Decimal(100)),
        ("نیازسنجی", 0, None),
        ("پیشنهاد", 1, Decimal(70)),
        ("مذاکره", 0, None),
        ("برنده", 0, None),
        ("بازنده", 0, None),
    ]


def test_the_soonest_close_date_stands_first(
    client_of: ClientOf, nader: User, stages: list[Stage], today: date
) -> None:
    make_opportunity("بی‌تاریخ کوچک", stage=stages[0], amount=Decimal(1))
    make_opportunity("بی‌تاریخ بزرگ", stage=stages[0], amount=Decimal(9))
    make_opportunity("دیر", stage=stages[0], expected_close=today + timedelta(9))
    make_opportunity("زود", stage=stages[0], expected_close=today - timedelta(9))

    response = client_of(nader).get(reverse("pipeline:board"))

    assert titles(response)["شناسایی"] == ["زود", "دیر", "بی‌تاریخ بزرگ", "بی‌تاریخ کوچک"]


@pytest.mark.parametrize(("days", "shown"), [(29, True), (30, False)])
def test_closed_deals_stay_for_thirty_days(
    client_of: ClientOf, nader: User, stages: list[Stage], today: date, days: int, shown: bool
) -> None:
    make_opportunity("فروخته", stage=stages[4], closed_on=today - timedelta(days))

    assert titles(client_of(nader).get(reverse("pipeline:board")))["برنده"] == (["فروخته"] if shown else [])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("", ["مال سارا"]), ("mine", ["مال سارا"]), ("none", ["بی‌مالک"]), ("all", ["بی‌مالک", "مال رضا", "مال سارا"])],
)
def test_a_rep_sees_own_deals_unless_asked_otherwise(
    client_of: ClientOf, sara: User, reza: User, stages: list[Stage], asked: str, expected: list[str]
) -> None:
    make_opportunity("مال سارا", owner=sara)
    make_opportunity("مال رضا", owner=reza)
    make_opportunity("بی‌مالک", owner=None)

    response = client_of(sara).get(reverse("pipeline:board"), {"owner": asked} if asked else {})

    assert sorted(titles(response)["شناسایی"]) == expected


def test_a_member_may_be_chosen_and_nonsense_is_the_default(client_of: ClientOf, nader: User, reza: User) -> None:
    make_opportunity("مال رضا", owner=reza)
    make_opportunity("بی‌مالک", owner=None)
    client = client_of(nader)

    response = client.get(reverse("pipeline:board"), {"owner": reza.pk})

    assert titles(response)["شناسایی"] == ["مال رضا"]
    assert (str(reza.pk), "رضا مرادی") in response.context["board"].choices.people
    assert len(titles(client.get(reverse("pipeline:board"), {"owner": "' OR 1=1"}))["شناسایی"]) == 2


def test_a_card_says_what_is_stuck(client_of: ClientOf, nader: User, stages: list[Stage], today: date) -> None:
    late = today - timedelta(40)
    make_opportunity(
        "راکد", stage=stages[0], stage_since=late, last_interaction_on=late, expected_close=late, push_count=3
    )

    page = client_of(nader).get(reverse("pipeline:board")).content.decode()

    for words in ("deal stale", "#stalled", "#calendar", "#pushed"):
        assert words in page


def test_twenty_cards_and_then_the_rest(client_of: ClientOf, nader: User, stages: list[Stage]) -> None:
    for number in range(23):
        make_opportunity(f"فرصت {number}", stage=stages[0], amount=Decimal(100 - number), customer=None)
    client = client_of(nader)

    column = client.get(reverse("pipeline:board")).context["board"].columns[0]
    assert (len(column.cards), column.count) == (20, 23)

    fragment = client.get(column.more_url, headers=HTMX).content.decode()
    assert re.findall(r"<bdi>(فرصت \d+)</bdi></a>", fragment) == ["فرصت 20", "فرصت 21", "فرصت 22"]
    assert "<html" not in fragment
    assert "after=" not in fragment
    assert "<html" in client.get(column.more_url).content.decode()


@pytest.mark.parametrize("place", [0, 4])
def test_page_after_page_shows_each_card_once_in_order(
    client_of: ClientOf, nader: User, stages: list[Stage], today: date, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal days and amounts, and missing ones, stand where a page ends."""
    monkeypatch.setattr("pipeline.screens.CARDS", 2)
    for number, (day, amount) in enumerate(product((1, 1, None), (Decimal(5), Decimal(5), Decimal(9), None))):
        close = today + timedelta(day) if day else None
        closed_on = today - timedelta(number // 3) if place else None
        make_opportunity(
            f"فرصت {number}",
            stage=stages[place],
            expected_close=close,
            amount=amount,
            closed_on=closed_on,
            customer=None,
        )
    client, shown = client_of(nader), []

    column = client.get(reverse("pipeline:board")).context["board"].columns[place]
    while True:
        shown += [card.pk for card in column.cards]
        if not column.more_url:
            break
        column = client.get(column.more_url).context["column"]

    deals = Opportunity.objects.order_by(*(CLOSED_ORDER if place else OPEN_ORDER)).values_list("pk", flat=True)
    assert shown == list(deals)
    assert len(shown) == 12


@pytest.mark.parametrize(
    "cursor", ["", "x", "2026-01-01_5_0", "_NaN_3", "2026-99-01_1_3", "_1_99999999999999999999", "__x"]
)
def test_a_cursor_that_makes_no_sense_shows_the_beginning(
    client_of: ClientOf, nader: User, stages: list[Stage], cursor: str
) -> None:
    make_opportunity("یک", stage=stages[0])

    response = client_of(nader).get(reverse("pipeline:column", args=[stages[0].pk]), {"after": cursor})

    assert [card.title for card in response.context["column"].cards] == ["یک"]


def test_what_users_typed_is_escaped_on_a_card(
    client_of: ClientOf, nader: User, sara: User, stages: list[Stage], today: date
) -> None:
    deal = make_opportunity(
        '"><script>1</script>', stage=stages[0], snoozed_until=today + timedelta(3), snoozed_because='"<i>2'
    )
    make_next_step(sara, opportunity=deal, what="<b>3</b>")

    page = client_of(nader).get(reverse("pipeline:board")).content.decode()

    assert "<script>1" not in page
    assert "&lt;script&gt;1" in page
    assert "<b>3" not in page
    assert 'title="&quot;&lt;i&gt;2"' in page


def test_a_team_may_be_chosen(client_of: ClientOf, nader: User, sara: User, reza: User, stages: list[Stage]) -> None:
    team = Team.objects.create(name="شمال")
    User.objects.filter(pk=sara.pk).update(team=team)
    make_opportunity("مال سارا", owner=sara)
    make_opportunity("مال رضا", owner=reza)

    response = client_of(nader).get(reverse("pipeline:board"), {"owner": f"team:{team.pk}"})

    assert titles(response)["شناسایی"] == ["مال سارا"]
    assert (f"team:{team.pk}", "شمال") in response.context["board"].choices.teams


def test_moving_answers_with_the_card_the_sums_and_a_way_back(
    client_of: ClientOf, sara: User, stages: list[Stage], today: date
) -> None:
    deal = make_opportunity("دستگاه برش", owner=sara, amount=Decimal(70), stage_since=today - timedelta(9))

    response = client_of(sara).post(move_url(deal), {"stage": stages[2].pk, "version": 1}, headers=HTMX)

    assert response.status_code == 200
    assert [(column.stage, column.count, column.amount) for column in response.context["columns"]] == [
        (stages[0], 0, None),
        (stages[2], 1, Decimal(70)),
    ]
    page = response.content.decode()
    assert re.findall(r'hx-target="#((?:deal|head)-\d+)"', page) == [
        f"deal-{deal.pk}", f"head-{stages[0].pk}", f"head-{stages[2].pk}"
    ]  # fmt: skip
    assert f'id="deal-{deal.pk}" data-version="2"' in page
    assert "toast success" in page
    assert "<html" not in page
    deal.refresh_from_db()
    assert (deal.stage, deal.stage_since, deal.version) == (stages[2], today, 2)
    assert deal.changes.filter(field="stage", by=sara).count() == 1


def test_the_toast_takes_it_back(client_of: ClientOf, sara: User, stages: list[Stage]) -> None:
    deal = make_opportunity("دستگاه برش", owner=sara)
    client = client_of(sara)
    moved = client.post(move_url(deal), {"stage": stages[4].pk, "version": 1}, headers=HTMX).context

    client.post(move_url(deal), {"stage": moved["before"].pk, "version": moved["moved"].version}, headers=HTMX)

    deal.refresh_from_db()
    assert (deal.stage, deal.is_open, deal.closed_on) == (stages[0], True, None)


def test_the_same_post_works_without_javascript(client_of: ClientOf, sara: User, stages: list[Stage]) -> None:
    deal = make_opportunity("دستگاه برش", owner=sara)

    response = client_of(sara).post(move_url(deal, "mine"), {"stage": stages[1].pk})

    assert (response.status_code, response.headers["Location"]) == (303, "/pipeline/?owner=mine")
    deal.refresh_from_db()
    assert deal.stage == stages[1]


def test_a_guarded_stage_asks_for_what_is_missing_and_the_dialog_completes_the_move(
    client_of: ClientOf, sara: User, stages: list[Stage]
) -> None:
    need(stages[3], "amount", "expected_close")
    deal = make_opportunity("دستگاه برش", owner=sara, amount=Decimal(5))
    client = client_of(sara)

    response = client.post(move_url(deal), {"stage": stages[3].pk, "version": 1}, headers=HTMX)

    assert response.status_code == 422
    assert list(response.context["form"].fields) == ["expected_close"]
    assert response.headers["HX-Retarget"] == "#dialog"
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (stages[0], 1)

    done = client.post(
        reverse("crm:deal_move", args=[deal.pk]),
        {"stage": stages[3].pk, "asked": "1", "expected_close": "۱۴۰۵/۱۰/۱۰", "back": response.context["back"]},
        headers=HTMX,
    )
    assert done.headers["HX-Redirect"] == "/pipeline/?owner=all"
    deal.refresh_from_db()
    assert (deal.stage, deal.expected_close) == (stages[3], date(2026, 12, 31))


def test_losing_asks_why(client_of: ClientOf, sara: User, stages: list[Stage]) -> None:
    deal = make_opportunity(owner=sara)

    response = client_of(sara).post(move_url(deal), {"stage": stages[5].pk, "version": 1}, headers=HTMX)

    assert response.status_code == 422
    assert "lost_reason" in response.context["form"].fields


def test_a_deal_that_changed_meanwhile_stays_where_it_is(client_of: ClientOf, sara: User, stages: list[Stage]) -> None:
    deal = make_opportunity("دستگاه برش", owner=sara, version=5)

    response = client_of(sara).post(move_url(deal), {"stage": stages[2].pk, "version": 4}, headers=HTMX)

    assert titles(response)["شناسایی"] == ["دستگاه برش"]
    assert response.headers["HX-Retarget"] == "#board"
    assert "toast warning" in response.content.decode()
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (stages[0], 5)


def test_somebody_elses_deal_is_refused_with_the_reason(
    client_of: ClientOf, sara: User, reza: User, stages: list[Stage]
) -> None:
    deal = make_opportunity(owner=reza)

    response = client_of(sara).post(move_url(deal), {"stage": stages[2].pk}, headers=HTMX)

    assert response.status_code == 403
    assert unquote(response.headers["X-Message"])
    assert client_of(sara).post(move_url(deal), {"stage": stages[2].pk}).status_code == 403
    deal.refresh_from_db()
    assert deal.stage == stages[0]


def test_executives_look_but_do_not_move(client_of: ClientOf, leila: User, stages: list[Stage]) -> None:
    deal = make_opportunity()
    client = client_of(leila)

    page = client.get(reverse("pipeline:board")).content.decode()

    assert "data-board" not in page
    assert client.post(move_url(deal), {"stage": stages[2].pk}).status_code == 403


def test_the_menu_offers_every_stage_but_the_present_one(client_of: ClientOf, sara: User, stages: list[Stage]) -> None:
    deal = make_opportunity("دستگاه برش", owner=sara, stage=stages[1])

    page = client_of(sara).get(move_url(deal), headers=HTMX).content.decode()

    assert page.count('name="stage"') == 6
    assert page.count("disabled") == 1
    assert "<html" in client_of(sara).get(move_url(deal)).content.decode()


def test_winning_drops_the_open_steps(client_of: ClientOf, sara: User, stages: list[Stage]) -> None:
    deal = make_opportunity(owner=sara)
    step = make_next_step(sara, opportunity=deal)

    client_of(sara).post(move_url(deal), {"stage": stages[4].pk, "version": 1}, headers=HTMX)

    assert NextStep.objects.get(pk=step.pk).dropped_because == "برنده"


def test_another_firms_deal_and_stage_are_not_there(
    client_of: ClientOf, sara: User, gina: User, stages: list[Stage]
) -> None:
    deal = make_opportunity(owner=sara)

    assert client_of(gina).post(move_url(deal), {"stage": stages[1].pk}).status_code == 404
    assert client_of(gina).get(reverse("pipeline:column", args=[stages[0].pk])).status_code == 404


@pytest.mark.parametrize("name", ["pipeline:board", "pipeline:review"])
def test_a_page_makes_the_same_queries_for_one_deal_and_many(
    name: str, client_of: ClientOf, nader: User, sara: User, stages: list[Stage]
) -> None:
    client = client_of(nader)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def a_deal() -> None:
        deal = make_opportunity(stage=stages[0], owner=sara, amount=Decimal(7))
        make_next_step(sara, opportunity=deal)

    a_deal()
    queries()
    few = queries()
    for _ in range(3):
        a_deal()

    assert queries() == few
    assert few == {"pipeline:board": 11, "pipeline:review": 4}[name]


def test_the_review_names_what_happened_this_week(client_of: ClientOf, nader: User, stages: list[Stage]) -> None:
    deal = make_opportunity("دستگاه برش", owner=nader, amount=Decimal(70))
    client = client_of(nader)
    assert client.get(reverse("pipeline:review")).context["review"].sections == []

    client.post(move_url(deal), {"stage": stages[2].pk})

    sections = client.get(reverse("pipeline:review"), {"days": "30"}).context["review"].sections
    assert [(section.name, section.group.count, section.group.amount, section.rest) for section in sections] == [
        ("forward", 1, Decimal(70), 0)
    ]
