from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Status

from api import records, values
from api.auth import asking, check_writes
from api.schemas import LeadChange, LeadOut, LeadPage, NewLead
from crm import access
from crm.models import Entity, Lead, LeadStatus, Via
from crm.services import lead as leads

router = Router(tags=["leads"])


@router.get("/leads", response=LeadPage, summary=gettext_noop("Leads, oldest first"))
def list_leads(
    request: HttpRequest,
    after: int = 0,
    limit: int = 50,
    updated_since: datetime | None = None,
    status: LeadStatus | None = None,
    owner_id: int | None = None,
) -> LeadPage:
    rows = records.changed_since(access.leads(asking(request).user), updated_since)
    if status:
        rows = rows.filter(status=status)
    if owner_id is not None:
        rows = rows.filter(owner=owner_id)
    found, following = records.page(rows, after=after, limit=limit)
    return LeadPage(items=[shown(row) for row in found], next=following)


@router.get("/leads/{int:pk}", response=LeadOut, summary=gettext_noop("One lead"))
def get_lead(request: HttpRequest, pk: int) -> LeadOut:
    return shown(access.lead(asking(request).user, pk))


@router.post("/leads", response={200: LeadOut, 201: LeadOut}, summary=gettext_noop("A new lead; its clock starts"))
def create_lead(request: HttpRequest, data: NewLead) -> Status[LeadOut]:
    by = check_writes(request).user
    given = values.read(Entity.LEAD, data.given(), by)
    status, lead = records.once(access.leads(by), data.external_id, lambda: leads.create(by=by, **given))
    return Status(status, shown(lead))


@router.patch("/leads/{int:pk}", response=LeadOut, summary=gettext_noop("Changes what is sent, and nothing else"))
@transaction.atomic
def change_lead(request: HttpRequest, pk: int, data: LeadChange) -> LeadOut:
    by = check_writes(request).user
    lead = access.lead_for_change(by, pk)
    given = values.read(Entity.LEAD, data.given(), by)
    leads.change(lead, by=by, values=given, version=data.version, via=Via.API)
    return shown(lead)


def shown(lead: Lead) -> LeadOut:
    return LeadOut(
        id=lead.pk,
        external_id=lead.external_id,
        version=lead.version,
        created_at=lead.created_at,
        updated_at=lead.updated_at,
        name=lead.name,
        company=lead.company,
        phone=lead.phone,
        email=lead.email,
        source=lead.source,
        status=LeadStatus(lead.status),
        category_id=lead.category_id,
        owner_id=lead.owner_id,
        customer_id=lead.customer_id,
        deal_id=lead.opportunity_id,
        captured_at=lead.captured_at,
        first_response_at=lead.first_response_at,
        respond_by=lead.respond_by,
        custom=values.own(lead),
    )
