"""A demo firm is made as people would have made it, so all that holds for people's firms holds for it."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.models import (
    Case,
    CaseState,
    Change,
    CustomField,
    Handover,
    Interaction,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    SavedView,
)
from dataquality.models import OwnerScore
from demo.loading import is_whole, load
from demo.management.commands.demo_load import Command
from demo.story import FIRMS, read
from members.models import User
from okr.models import CheckIn
from rituals.models import AgendaItem, Decision, DecisionKind, Meeting, MeetingState
from rituals.services import gate
from tenants import schema
from tenants.context import inside
from tenants.models import NightlyRun, Tenant
from tenants.services.provisioning import delete_workspace
from tests.cast import NOW

pytestmark = pytest.mark.django_db
DAYS = 24


def make(address: str) -> Tenant:
    schema.enter_public()
    return load(address, now=NOW, days=DAYS)


@pytest.fixture(params=FIRMS)
def firm(request: pytest.FixtureRequest, acme: Tenant) -> Iterator[Tenant]:
    with inside(make(request.param)) as tenant:
        yield tenant


def rows() -> list[Any]:
    """What a visitor sees, without the numbers that the database gave."""
    return [
        list(Opportunity.objects.order_by("pk").values_list("title", "amount", "stage__name", "owner__name")),
        list(Interaction.objects.order_by("pk").values_list("sentence", "happened_at", "by__email")),
        list(Decision.objects.order_by("year", "number").values_list("text", "decided_on", "owner__email")),
        list(Case.objects.order_by("pk").values_list("subject", "state", "owner__email", "due_on", "satisfaction")),
        list(OwnerScore.objects.order_by("day", "owner__email").values_list("day", "owner__email", "score")),
    ]


def test_the_history_hangs_together(firm: Tenant) -> None:
    assert [gate.missing(meeting) for meeting in Meeting.objects.filter(state=MeetingState.CLOSED)] == [
        [] for _meeting in Meeting.objects.filter(state=MeetingState.CLOSED)
    ]
    assert Meeting.objects.filter(state=MeetingState.CLOSED).exists()
    for decision in Decision.objects.filter(kind__in=[DecisionKind.CHANGE_FORECAST, DecisionKind.DROP]):
        assert Change.objects.filter(decision_id=decision.pk, meeting_id=decision.meeting_id).exists()


def test_nothing_lies_in_the_future(firm: Tenant) -> None:
    assert not Interaction.objects.filter(logged_at__gt=NOW).exists()
    assert not Change.objects.filter(at__gt=NOW).exists()
    assert not NextStep.objects.filter(created_at__gt=NOW).exists()
    assert not CheckIn.objects.filter(day__gt=firm.today()).exists()
    assert not OwnerScore.objects.filter(day__gt=firm.today()).exists()


def test_the_visitor_finds_work(firm: Tenant) -> None:
    rep = User.objects.get(email=f"rep@{firm.schema_name}.example")
    assert NextStep.objects.filter(owner=rep, done_at=None, dropped_at=None, due_on=firm.today()).exists()
    coming = Meeting.objects.filter(state=MeetingState.PREPARING, ritual__kind="pipeline").earliest("starts_at")
    assert coming.starts_at < NOW + timedelta(days=4)
    assert AgendaItem.objects.filter(meeting=coming, needs_decision=True).exists()


def test_the_firm_shapes_its_records_and_cares_for_its_customers(firm: Tenant) -> None:
    """Own fields with values, cases on their way, a book handed over, deals that rest, clocks that run."""
    story = read(firm.schema_name)
    rep = User.objects.get(email=f"rep@{firm.schema_name}.example")
    assert CustomField.objects.filter(slot__isnull=False).count() == 4
    assert Opportunity.objects.exclude(custom={}).count() > 5
    assert Case.objects.filter(owner=rep, due_on=firm.today()).exclude(state=CaseState.DONE).exists()
    assert Case.objects.filter(state=CaseState.DONE).exclude(satisfaction=None).exists()
    assert SavedView.objects.count() == len(story["views"])
    assert Opportunity.objects.filter(owner=rep, snoozed_until__gt=firm.today()).count() == 2
    assert Handover.objects.get().taker == User.objects.get(email=f"rep2@{firm.schema_name}.example")
    waiting = Lead.objects.filter(status=LeadStatus.NEW, captured_at__gt=NOW - timedelta(hours=1))
    assert (waiting.count(), waiting.filter(respond_by=None).count()) == (3, 0)


def test_the_same_day_makes_the_same_firm(acme: Tenant) -> None:
    with inside(make("riverside")) as tenant:
        first = rows()
    delete_workspace(tenant=tenant)
    with inside(make("riverside")):
        assert rows() == first


def test_a_firm_that_is_there_is_left_alone(firm: Tenant) -> None:
    said, before = StringIO(), Opportunity.objects.count()
    schema.enter_public()
    call_command("demo_load", firm.schema_name, stdout=said)
    assert said.getvalue() == f"{firm.schema_name}: is there already\n"
    with inside(firm):
        assert Opportunity.objects.count() == before


def test_a_stopped_making_is_known_and_cleared_away(acme: Tenant) -> None:
    tenant = make("riverside")
    assert is_whole(tenant)
    NightlyRun.objects.filter(tenant=tenant).update(finished_at=None)
    assert not is_whole(tenant)
    assert not Command().stands("riverside")
    assert not Tenant.objects.filter(schema_name="riverside").exists()


def test_production_wants_to_be_asked(acme: Tenant, settings: Any) -> None:
    settings.PRODUCTION, settings.DEMO = True, False
    with pytest.raises(CommandError, match="TASMIM_DEMO=1"):
        call_command("demo_load")


@pytest.mark.parametrize("address", FIRMS)
def test_a_story_has_a_sentence_for_each_place_and_a_text_for_each_decision(address: str) -> None:
    story = read(address)
    assert set(story["sentences"]) == {"early", "proposal", "negotiation", "quiet", "lead"}
    assert {kind.value for kind in DecisionKind.for_deal()} <= set(story["decisions"])
    assert [row["key"] for row in story["people"] if row["role"] == "rep"] == ["rep", "rep2", "rep3", "rep4"]
