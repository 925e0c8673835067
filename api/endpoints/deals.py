from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from api import records, values
from api.auth import asking, check_writes
from api.problems import Invalid, error
from api.schemas import DealChange, DealOut, DealPage, Move, NewDeal
from crm import access
from crm.models import Entity, Opportunity, Stage, Via
from crm.services import opportunity as opportunities
from members.models import User
from tenants import schema

router = Router(tags=["deals"])


@router.get("/deals", response=DealPage, summary=gettext_noop("Deals, oldest first"))
def list_deals(
    request: HttpRequest,
    after: int = 0,
    limit: int = 50,
    updated_since: datetime | None = None,
    is_open: bool | None = None,
    stage_id: int | None = None,
    customer_id: int | None = None,
    owner_id: int | None = None,
) -> DealPage:
    wanted = {"is_open": is_open, "stage": stage_id, "customer": customer_id, "owner": owner_id}
    rows = records.changed_since(access.opportunities(asking(request).user), updated_since)
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    found, following = records.page(rows, after=after, limit=limit)
    return DealPage(items=[shown(row) for row in found], next=following)


@router.get("/deals/{int:pk}", response=DealOut, summary=gettext_noop("One deal"))
def get_deal(request: HttpRequest, pk: int) -> DealOut:
    return shown(access.opportunity(asking(request).user, pk))


@router.post("/deals", response={200: DealOut, 201: DealOut}, summary=gettext_noop("A new deal"))
def create_deal(request: HttpRequest, data: NewDeal) -> Status[DealOut]:
    asked = check_writes(request)
    by = asked.user
    given = values.read(Entity.OPPORTUNITY, data.given(), by)
    stage = _stage(data.stage_id) if data.stage_id else None
    status, deal = records.once(
        access.opportunities(by), data.external_id, lambda: _make(given, stage, by, asked.today)
    )
    return Status(status, shown(deal))


@router.patch("/deals/{int:pk}", response=DealOut, summary=gettext_noop("Changes what is sent, and nothing else"))
@transaction.atomic
def change_deal(request: HttpRequest, pk: int, data: DealChange) -> DealOut:
    by = check_writes(request).user
    deal = access.opportunity_for_change(by, pk)
    given = values.read(Entity.OPPORTUNITY, data.given(), by)
    opportunities.change(deal, by=by, values=given, version=data.version, via=Via.API)
    return shown(deal)


@router.post("/deals/{int:pk}/move", response=DealOut, summary=gettext_noop("Moves a deal to another stage"))
@transaction.atomic
def move_deal(request: HttpRequest, pk: int, data: Move) -> DealOut:
    """A guarded stage answers 422 `stage-needs` with the missing fields: send them in `values`."""
    asked = check_writes(request)
    deal = access.opportunity_for_change(asked.user, pk)
    given = values.read(Entity.OPPORTUNITY, data.values.given(), asked.user) if data.values else {}
    opportunities.move(
        deal,
        to=_stage(data.stage_id),
        by=asked.user,
        today=asked.today,
        values=given,
        lost_reason=data.lost_reason,
        via=Via.API,
    )
    return shown(deal)


def _make(given: dict[str, Any], stage: Stage | None, by: User, today: date) -> Opportunity:
    """A closed deal is opened and then closed, so that closing asks what it asks everywhere."""
    if stage is None or stage.is_open:
        return opportunities.create(by=by, today=today, stage=stage, **given)
    deal = opportunities.create(by=by, today=today, **given)
    opportunities.move(deal, to=stage, by=by, today=today, via=Via.API)
    return deal


def _stage(pk: int) -> Stage:
    stage = Stage.objects.filter(pk=pk).first()
    if stage is None:
        raise Invalid([error("stage_id", _("We do not know this id."))])
    return stage


def shown(deal: Opportunity) -> DealOut:
    return DealOut(
        id=deal.pk,
        external_id=deal.external_id,
        version=deal.version,
        created_at=deal.created_at,
        updated_at=deal.updated_at,
        title=deal.title,
        customer_id=deal.customer_id,
        amount=values.amount(deal.amount),
        currency=schema.current_tenant().currency,
        stage_id=deal.stage_id,
        stage_since=deal.stage_since,
        expected_close=deal.expected_close,
        is_open=deal.is_open,
        closed_on=deal.closed_on,
        lost_reason=deal.lost_reason,
        owner_id=deal.owner_id,
        custom=values.own(deal),
    )
