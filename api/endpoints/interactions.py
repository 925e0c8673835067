from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from api import records
from api.auth import asking, check_writes
from api.problems import Invalid, error
from api.schemas import InteractionOut, InteractionPage, NewInteraction
from crm import access
from crm.models import Interaction, InteractionKind
from crm.services import interaction as interactions
from l10n import text
from members.models import User

router = Router(tags=["interactions"])


@router.get("/interactions", response=InteractionPage, summary=gettext_noop("Interactions, oldest first"))
def list_interactions(
    request: HttpRequest,
    after: int = 0,
    limit: int = 50,
    customer_id: int | None = None,
    lead_id: int | None = None,
    deal_id: int | None = None,
) -> InteractionPage:
    wanted = {"customer": customer_id, "lead": lead_id, "opportunity": deal_id}
    rows = access.interactions(asking(request).user)
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    found, following = records.page(rows, after=after, limit=limit)
    return InteractionPage(items=[shown(row) for row in found], next=following)


@router.post(
    "/interactions",
    response={200: InteractionOut, 201: InteractionOut},
    summary=gettext_noop("What happened, in one sentence"),
)
def create_interaction(request: HttpRequest, data: NewInteraction) -> Status[InteractionOut]:
    by = check_writes(request).user
    about = _about(data, by)
    sentence = text.clean_line(data.sentence)
    if data.happened_at and data.happened_at.tzinfo is None:
        said = _("Please add the offset, as in %(example)s.") % {"example": "2026-11-21T10:30:00+03:30"}
        raise Invalid([error("happened_at", said)])
    step: dict[str, Any] = {}
    if data.next_step:
        step = {"next_what": data.next_step.what, "next_due_on": data.next_step.due_on}

    def make() -> Interaction:
        made, _step = interactions.log(
            by=by, kind=data.kind, sentence=sentence, happened_at=data.happened_at, **about, **step
        )
        return made

    status, interaction = records.once(access.interactions(by), data.external_id, make)
    return Status(status, shown(interaction))


def _about(data: NewInteraction, by: User) -> dict[str, Any]:
    """The records it hangs on, as far as the caller sees them."""
    kinds: dict[str, Any] = {
        "lead": (data.lead_id, access.leads),
        "customer": (data.customer_id, access.customers),
        "opportunity": (data.deal_id, access.opportunities),
    }
    asked = {name: (pk, rows) for name, (pk, rows) in kinds.items() if pk is not None}
    found = {name: rows(by).filter(pk=pk).first() for name, (pk, rows) in asked.items()}
    unknown = [name for name, record in found.items() if record is None]
    if unknown:
        named = {"opportunity": "deal"}
        raise Invalid([error(f"{named.get(name, name)}_id", _("We do not know this id.")) for name in unknown])
    if not found:
        raise Invalid([error("customer_id", _("It has to hang on a lead, a customer or a deal."))])
    return found


def shown(interaction: Interaction) -> InteractionOut:
    return InteractionOut(
        id=interaction.pk,
        external_id=interaction.external_id,
        kind=InteractionKind(interaction.kind),
        sentence=interaction.sentence,
        happened_at=interaction.happened_at,
        logged_at=interaction.logged_at,
        by_id=interaction.by_id,
        lead_id=interaction.lead_id,
        customer_id=interaction.customer_id,
        deal_id=interaction.opportunity_id,
        contact_id=interaction.contact_id,
    )
