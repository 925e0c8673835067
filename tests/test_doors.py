"""One rule, every door: a guarded stage, and the reason for losing, through form, board, menu, bulk edit, import,
API and meeting. Each door refuses or asks for the same, nothing is written then, and with the answer it opens.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import Change, Edit, ImportJob, LostReason, Opportunity, Stage, StageKind
from crm.services import lost_reason as lost_reasons
from crm.services import opportunity as opportunities
from members.models import User
from rituals.models import AgendaItem, Decision, DecisionKind
from tests.api.caller import caller
from tests.cast import ClientOf
from tests.factories import crm, rituals

pytestmark = pytest.mark.django_db

AMOUNT = 125_000_000
REASON = "بودجه نداشتند"
Answer = Any


class Way:
    """What a door needs: somebody, a deal in the first stage, and the browser of that somebody."""

    def __init__(self, user: User, client_of: ClientOf) -> None:
        self.user, self.client = user, client_of(user)
        self.deal = crm.make_opportunity("فروش", owner=user, customer=crm.make_customer(owner=user))

    def post(self, name: str, *args: Any, **values: Any) -> Answer:
        return self.client.post(reverse(name, args=args), {key: str(value) for key, value in values.items()})


@pytest.fixture
def way(nader: User, client_of: ClientOf) -> Way:
    crm.make_stages()
    if not LostReason.objects.filter(name=REASON).exists():
        lost_reasons.add(name=REASON)
    return Way(nader, client_of)


@pytest.fixture
def guarded(way: Way) -> Stage:
    """The second stage, which nobody enters without an amount."""
    stage: Stage = Stage.objects.filter(kind=StageKind.OPEN).order_by("position")[1]
    crm.need(stage, "amount")
    return stage


# --- The doors: each tries to bring the deal into `to`, with `values` where it can take some along ----------------
def by_menu(way: Way, to: Stage, **values: Any) -> Answer:
    """What the page of a deal posts; its dialog posts the same with `asked`."""
    asked = {"asked": "1", **values} if values else {}
    return way.post("crm:deal_move", way.deal.pk, stage=to.pk, **asked)


def by_drag(way: Way, to: Stage, **values: Any) -> Answer:
    """A card is dropped; the dialog that it opens goes on through the menu."""
    if values:
        return by_menu(way, to, **values)
    return way.post("pipeline:move", way.deal.pk, stage=to.pk, version=way.deal.version)


def by_api(way: Way, to: Stage, **values: Any) -> Answer:
    reason = values.pop("lost_reason", "")
    given = {name: str(value * 10) for name, value in values.items()}
    return caller(way.user).post(
        f"deals/{way.deal.pk}/move", {"stage_id": to.pk, "values": given, "lost_reason": reason}
    )


def by_meeting(way: Way, to: Stage, **values: Any) -> Answer:
    item = AgendaItem.objects.first() or rituals.make_item(opportunity=way.deal)
    if to.kind == StageKind.LOST:
        decided = {"kind": DecisionKind.DROP, **values}
    else:
        decided = {"kind": DecisionKind.CHANGE_FORECAST, "new_stage": to.pk}
        decided |= {f"new_{name}": value for name, value in values.items()}
    form = f"decide{item.pk}-"
    page = way.client.get(item.meeting.get_absolute_url()).text
    prefix = form if f'name="{form}kind"' in page else ""
    return way.post("rituals:item_decide", item.pk, **{f"{prefix}{name}": value for name, value in decided.items()})


ASKING: dict[str, Callable[..., Answer]] = {
    "menu": by_menu,
    "drag": by_drag,
    "api": by_api,
    "meeting": by_meeting,
}


def unmoved(way: Way) -> bool:
    """Neither moved nor changed in any other way, and nothing is told of it."""
    version, stage = way.deal.version, way.deal.stage_id
    way.deal.refresh_from_db()
    told = Change.objects.exists() or Edit.objects.exists() or Decision.objects.exists()
    return (way.deal.version, way.deal.stage_id) == (version, stage) and not told


# --- Guarded stage ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("door", ASKING)
def test_a_guarded_stage_asks_for_what_is_missing_and_then_opens(door: str, way: Way, guarded: Stage) -> None:
    asked = ASKING[door](way, guarded)
    assert asked.status_code == 422
    assert "amount" in asked.text
    assert unmoved(way)
    # Only what is missing: the deal has an owner, and nothing else is needed.
    assert door != "api" or [one["field"] for one in asked.json()["missing"]] == ["amount"]

    assert ASKING[door](way, guarded, amount=AMOUNT // 10).status_code in (200, 302, 303)
    way.deal.refresh_from_db()
    assert (way.deal.stage, way.deal.amount) == (guarded, Decimal(AMOUNT))


@pytest.mark.parametrize("door", ASKING)
def test_what_the_deal_has_is_not_asked_again(door: str, way: Way, guarded: Stage) -> None:
    opportunities.change(way.deal, by=way.user, values={"amount": Decimal(AMOUNT)})
    answer = ASKING[door](way, guarded)
    assert answer.status_code in (200, 302, 303)
    way.deal.refresh_from_db()
    assert (way.deal.stage, way.deal.amount) == (guarded, Decimal(AMOUNT))


def test_a_new_deal_begins_in_a_guarded_stage_only_with_what_it_needs(way: Way, guarded: Stage) -> None:
    way.deal.delete()
    refused = way.post("crm:deal_new", title="تازه", stage=guarded.pk)
    assert refused.status_code == 422
    assert 'value="تازه"' in refused.text
    answer = caller(way.user).post("deals", {"title": "تازه", "stage_id": guarded.pk})
    assert (answer.status_code, answer.json()["missing"][0]["field"]) == (422, "amount")
    assert not Opportunity.objects.exists()

    assert way.post("crm:deal_new", title="تازه", stage=guarded.pk, amount=AMOUNT // 10).status_code in (302, 303)
    body = {"title": "تازه", "stage_id": guarded.pk, "amount": str(AMOUNT)}
    assert caller(way.user).post("deals", body).status_code == 201
    assert set(Opportunity.objects.values_list("stage", "amount")) == {(guarded.pk, Decimal(AMOUNT))}


def test_a_bulk_edit_leaves_out_the_deals_that_lack_something_and_says_so(way: Way, guarded: Stage) -> None:
    ready = crm.make_opportunity("آماده", owner=way.user, amount=AMOUNT)
    address = reverse("crm:bulk", args=["deals"])
    chosen: dict[str, Any] = {"pk": [way.deal.pk, ready.pk], "field": "stage", "value": guarded.pk}
    preview = way.client.get(address, {**chosen, "preview": "1"}).context["preview"]
    assert (preview.changing, [(refusal.count, refusal.names) for refusal in preview.refused]) == (1, [(1, ["فروش"])])
    assert way.client.post(reverse("crm:bulk_apply", args=["deals"]), chosen).status_code in (302, 303)
    assert unmoved_in_bulk(way.deal)
    ready.refresh_from_db()
    assert ready.stage == guarded


def unmoved_in_bulk(deal: Opportunity) -> bool:
    stage = deal.stage_id
    deal.refresh_from_db()
    return deal.stage_id == stage and not deal.changes.exists()


def test_an_import_puts_a_deal_that_lacks_something_before_the_guard_and_says_so(
    way: Way, guarded: Stage, admin: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    table = f"id,title,stage,amount\nA1,بی‌مبلغ,{guarded.name},\nA2,بامبلغ,{guarded.name},{AMOUNT // 10}\n"
    job = imported(table, client_of(admin), django_capture_on_commit_callbacks)
    first = Stage.objects.filter(kind=StageKind.OPEN).earliest("position")
    placed = dict(Opportunity.objects.exclude(pk=way.deal.pk).values_list("title", "stage"))
    assert placed == {"بی‌مبلغ": first.pk, "بامبلغ": guarded.pk}
    assert list(job.problems.values_list("row", "column", "rejects")) == [(2, "stage", False)]


def test_an_import_wins_no_deal_that_lacks_something_and_loses_none_without_a_reason(
    way: Way, guarded: Stage, admin: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    Opportunity.objects.filter(pk=way.deal.pk).update(external_id="A0", amount=None)
    won, lost = crm.a_stage(StageKind.WON), crm.a_stage(StageKind.LOST)
    table = (
        "id,title,stage,amount,lost reason\n"
        f"A0,{way.deal.title},{lost.name},,\n"
        f"A1,برد بی‌مبلغ,{won.name},,\n"
        f"A2,برد بامبلغ,{won.name},{AMOUNT // 10},\n"
        f"A3,باخت قدیمی,{lost.name},,\n"
    )
    job = imported(table, client_of(admin), django_capture_on_commit_callbacks)
    way.deal.refresh_from_db()
    assert (way.deal.is_open, way.deal.changes.count()) == (True, 0)
    assert set(Opportunity.objects.exclude(pk=way.deal.pk).values_list("external_id", "stage")) == {
        ("A2", won.pk),
        ("A3", lost.pk),
    }
    refused = job.problems.filter(rejects=True).values_list("row", "column")
    assert list(refused) == [(2, "lost reason"), (3, "stage")]


def test_an_import_moves_a_deal_by_what_it_holds_already_and_never_back(
    way: Way, guarded: Stage, admin: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    beyond = Stage.objects.filter(kind=StageKind.OPEN, position__gt=guarded.position).earliest("position")
    full = crm.make_opportunity(title="پر", amount=Decimal(AMOUNT), external_id="A1")
    bare = crm.make_opportunity(title="خالی", amount=None, external_id="A2", stage=beyond)
    table = f"id,title,stage\nA1,پر,{guarded.name}\nA2,خالی,{guarded.name}\n"
    imported(table, client_of(admin), django_capture_on_commit_callbacks)
    placed = dict(Opportunity.objects.filter(pk__in=[full.pk, bare.pk]).values_list("pk", "stage"))
    assert placed == {full.pk: guarded.pk, bare.pk: beyond.pk}


def imported(table: str, client: Any, capture: Any) -> ImportJob:
    """Through the pages, with the columns as they are proposed."""
    client.post(
        reverse("crm:imports"), {"file": SimpleUploadedFile("d.csv", table.encode(), "text/csv"), "kind": "deals"}
    )
    job = ImportJob.objects.get()
    columns = {f"column-{place}": job.mapping.get(one["heading"], "") for place, one in enumerate(job.columns)}
    with capture(execute=True):
        assert client.post(reverse("crm:import_map", args=[job.pk]), columns).status_code == 303
    with capture(execute=True):
        client.post(reverse("crm:import_start", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "done", job.state
    return job


# --- Losing -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("door", ASKING)
def test_losing_asks_why_at_each_door(door: str, way: Way) -> None:
    lost = crm.a_stage(StageKind.LOST)
    asked = ASKING[door](way, lost)
    assert asked.status_code == 422
    assert "lost_reason" in asked.text
    assert unmoved(way)

    assert ASKING[door](way, lost, lost_reason=REASON).status_code in (200, 302, 303)
    way.deal.refresh_from_db()
    assert (way.deal.stage, way.deal.lost_reason) == (lost, REASON)


def test_losing_many_asks_why_once(way: Way) -> None:
    lost = crm.a_stage(StageKind.LOST)
    chosen = {"pk": [way.deal.pk], "field": "stage", "value": lost.pk}
    apply = reverse("crm:bulk_apply", args=["deals"])
    way.client.post(apply, chosen)
    assert unmoved(way)
    way.client.post(apply, {**chosen, "lost_reason": REASON})
    way.deal.refresh_from_db()
    assert (way.deal.stage, way.deal.lost_reason) == (lost, REASON)


def test_losing_is_never_guarded(way: Way, guarded: Stage) -> None:
    """Who gives a deal up is not made to fill in what nobody will read."""
    assert by_menu(way, crm.a_stage(StageKind.LOST), lost_reason=REASON).status_code in (302, 303)


def test_no_edit_in_place_moves_a_deal(way: Way, guarded: Stage) -> None:
    """A stage is no field of the form, of a cell or of a PATCH."""
    edit = way.post("crm:deal_edit", way.deal.pk, title="فروش", stage=guarded.pk, version=way.deal.version)
    assert edit.status_code in (200, 302, 303)
    assert caller(way.user).patch(f"deals/{way.deal.pk}", {"stage_id": guarded.pk}).status_code == 422
    stage = way.deal.stage_id
    way.deal.refresh_from_db()
    assert way.deal.stage_id == stage
