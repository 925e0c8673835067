"""The night: exact scores of small, hand-computed firms."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import StageKind
from dataquality.models import Issue, OwnerScore, Rule
from dataquality.services import scoring
from tests.factories.crm import a_stage, make_lead, make_opportunity, make_stages
from tests.factories.dataquality import ask_everything, make_tidy_customer, make_tidy_deal

TOMORROW = timedelta(1)


@pytest.fixture(autouse=True)
def firm(db, acme):
    make_stages()
    ask_everything()


def open_rules(**which):
    return sorted(Issue.objects.filter(resolved_on=None, **which).values_list("rule", flat=True))


def test_tidy_deal_and_customer_score_100_and_have_no_issue(sara, today):
    make_tidy_deal(sara)
    found = scoring.score_tenant(today=today)
    assert found == scoring.ScoreSummary(records=2, score=100, trust=100, opened=0, resolved=0, open_issues=0)
    row = OwnerScore.objects.get(owner=sara)
    assert (row.score, row.completeness, row.freshness, row.next_step, row.records) == (100, 100, 100, 100, 2)


def test_hand_computed_firm(sara, reza, today):
    """Sara: customer 100, deal without amount 85, deal with past date and no step 100-15-20 = 65. Reza: a bare lead."""
    customer = make_tidy_customer(sara)
    make_tidy_deal(sara, customer=customer, amount=None)
    make_opportunity(customer=customer, owner=sara, amount=3_000, expected_close=date(2026, 11, 20))
    make_lead(owner=reza)  # no phone 30, no source 15; new today, so nobody had to answer yet
    found = scoring.score_tenant(today=today)

    sara_row, reza_row, all_row = (OwnerScore.objects.get(owner=who) for who in (sara, reza, None))
    # (100 + 85 + 65) / 3 = 83.3; completeness loses 15/3 = 5, freshness 5, next steps 20/3 = 6.7
    assert (sara_row.score, sara_row.completeness, sara_row.freshness, sara_row.next_step) == (83, 95, 95, 93)
    assert (sara_row.records, sara_row.open_issues) == (3, 3)
    assert (reza_row.score, reza_row.completeness, reza_row.freshness, reza_row.next_step) == (55, 55, 100, 100)
    assert (reza_row.records, reza_row.open_issues, int(reza_row.total_amount)) == (1, 2, 0)
    # (100 + 85 + 65 + 55) / 4 = 76.25
    assert (all_row.score, all_row.records, all_row.open_issues) == (76, 4, 5)
    assert found == scoring.ScoreSummary(records=4, score=76, trust=0, opened=5, resolved=0, open_issues=5)


def test_trust_weighs_a_deal_without_amount_like_the_average_of_the_others(sara, today):
    customer = make_tidy_customer(sara)
    make_tidy_deal(sara, customer=customer, amount=6_000)
    make_tidy_deal(sara, customer=customer, amount=2_000, expected_close=date(2026, 11, 1))
    make_tidy_deal(sara, customer=customer, amount=None)
    found = scoring.score_tenant(today=today)
    row = OwnerScore.objects.get(owner=sara)
    assert (int(row.trusted_amount), int(row.total_amount)) == (6_000, 12_000)
    assert found.trust == 50


def test_second_run_of_a_day_changes_nothing(sara, today):
    make_tidy_deal(sara, amount=None)
    first = scoring.score_tenant(today=today)
    kept = list(Issue.objects.values_list("pk", "rule", "found_on"))
    second = scoring.score_tenant(today=today)
    assert (first.opened, second.opened, second.resolved) == (1, 0, 0)
    assert list(Issue.objects.values_list("pk", "rule", "found_on")) == kept
    assert OwnerScore.objects.filter(day=today).count() == 2


def test_issue_keeps_the_night_it_was_found_and_gets_the_one_it_was_fixed(sara, today):
    deal = make_tidy_deal(sara, amount=None)
    scoring.score_tenant(today=today)
    scoring.score_tenant(today=today + TOMORROW)
    assert open_rules() == ["no_amount"]
    deal.amount = 5
    deal.save()
    found = scoring.score_tenant(today=today + 2 * TOMORROW)
    assert (found.resolved, found.open_issues) == (1, 0)
    issue = Issue.objects.get()
    assert (issue.found_on, issue.resolved_on) == (today, today + 2 * TOMORROW)
    assert [row.score for row in OwnerScore.objects.filter(owner=sara).order_by("day")] == [92, 92, 100]


def test_what_breaks_again_is_a_new_issue(sara, today):
    deal = make_tidy_deal(sara, amount=None)
    for night, amount in enumerate((None, 5, None)):
        deal.amount = amount
        deal.save()
        scoring.score_tenant(today=today + night * TOMORROW)
    assert Issue.objects.filter(rule=Rule.NO_AMOUNT).count() == 2
    assert open_rules() == ["no_amount"]


def test_closed_deal_resolves_its_issues_and_leaves_the_score(sara, today):
    deal = make_tidy_deal(sara, amount=None)
    scoring.score_tenant(today=today)
    deal.stage, deal.is_open, deal.closed_on = a_stage(StageKind.LOST), False, today
    deal.save()
    found = scoring.score_tenant(today=today + TOMORROW)
    assert (found.records, found.score, found.open_issues) == (0, None, 0)
    assert not OwnerScore.objects.filter(day=today + TOMORROW).exists()


def test_field_that_is_no_longer_asked_resolves_its_issues(sara, today):
    from crm.models import FieldRule

    make_tidy_deal(sara, amount=None)
    scoring.score_tenant(today=today)
    FieldRule.objects.filter(field="amount").delete()
    assert scoring.score_tenant(today=today).resolved == 1
    assert open_rules() == []


def test_open_issue_follows_the_record_to_its_new_owner(sara, reza, today):
    deal = make_tidy_deal(sara, amount=None)
    scoring.score_tenant(today=today)
    deal.owner = reza
    deal.save()
    scoring.score_tenant(today=today + TOMORROW)
    assert open_rules(owner=reza) == ["no_amount"]
    assert open_rules(owner=sara) == []
    deal.owner = None
    deal.save()
    scoring.score_tenant(today=today + TOMORROW)
    assert open_rules(owner=None) == ["no_amount", "no_owner"]


def test_recheck_brings_one_record_up_to_date_and_no_other(sara, today):
    fixed, other = make_tidy_deal(sara, amount=None), make_tidy_deal(sara, amount=None)
    scoring.score_tenant(today=today)
    for deal in (fixed, other):
        deal.amount = 5
        deal.expected_close = date(2026, 1, 1)
        deal.save()
    scoring.recheck(fixed, today=today)
    assert open_rules(opportunity=fixed) == ["close_past"]
    assert open_rules(opportunity=other) == ["no_amount"]


def test_as_many_statements_for_thirty_deals_as_for_three(sara, today):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            scoring.score_tenant(today=today)
        return len(captured)

    for _ in range(3):
        make_tidy_deal(sara, amount=None)
    scoring.score_tenant(today=today)  # the first run of a day has no scores to replace
    few = statements()
    for _ in range(27):
        make_tidy_deal(sara, amount=None)
    assert statements() == few


def test_firms_are_scored_apart(sara, gina, globex, today):
    from django_tenants.utils import tenant_context

    make_tidy_deal(sara, amount=None)
    with tenant_context(globex):
        assert scoring.score_tenant(today=today).records == 0
        assert not Issue.objects.exists()
