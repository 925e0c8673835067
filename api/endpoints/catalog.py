"""What there is in this firm: who the token stands for, stages with what they need, fields with their choices."""

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from api.auth import asking
from api.schemas import FieldOut, Me, StageOut
from crm.fields import catalog
from crm.fields.needs import needs_of
from crm.models import Entity, Stage, StageKind

router = Router(tags=["catalog"])


@router.get("/me", response=Me, summary=gettext_noop("Whom the token stands for"))
def get_me(request: HttpRequest) -> Me:
    asked = asking(request)
    return Me(
        id=asked.user.pk,
        name=asked.user.name,
        role=asked.user.role,
        scope=asked.token.scope,
        firm=asked.tenant.name,
        currency=asked.tenant.currency,
        language=asked.user.language or asked.tenant.language,
    )


@router.get("/stages", response=list[StageOut], summary=gettext_noop("The stages in order, with what each needs"))
def list_stages(request: HttpRequest) -> list[StageOut]:  # noqa: ARG001
    return [
        StageOut(
            id=stage.pk,
            name=stage.name,
            kind=StageKind(stage.kind),
            position=stage.position,
            probability=stage.probability,
            needs=needs_of(stage),
        )
        for stage in Stage.objects.all()
    ]


@router.get("/fields/{entity}", response=list[FieldOut], summary=gettext_noop("The fields of a lead, customer or deal"))
def list_fields(request: HttpRequest, entity: Entity) -> list[FieldOut]:  # noqa: ARG001
    return [
        FieldOut(name=info.name, label=str(info.label), kind=info.kind.value, choices=info.choices)
        for info in catalog.fields_of(entity)
    ]
