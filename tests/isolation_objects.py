"""How to make, in acme, the object behind each address with an id; a member of globex then asks for it.

Keys are beginnings of URL names, the longest that fits counts: "crm:deal" is for `crm:deal`, `crm:deal_edit`, ….
The owner of a room adds a line when there is a new kind of object. A value runs in acme's schema and returns the
arguments of the address, under "posted" what a POST has to say, and under "asker" who finds it if not every admin does.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile

from api.models import Scope
from api.services import token as tokens
from api.services import web_form as web_forms
from crm.models import (
    Batch,
    BatchKind,
    BulkEdit,
    Edit,
    ExportJob,
    FieldRule,
    ImportJob,
    LostReason,
    RecordKind,
    SavedView,
)
from crm.services import bin as bins
from crm.services import customer as customers
from crm.services.handover import hand_over
from members.models import Role, Team, User
from members.services import invitations
from rituals.models import MeetingState
from rituals.services.minutes import issue as issue_minutes
from tests.cast import NOW
from tests.factories import charter, crm, okr, rituals

# Above every id in globex, whose own members have ids too.
FAR = 900_001


def person() -> dict[str, Any]:
    return {"pk": User.objects.create_user("mark@acme.example", name="Mark", role=Role.REP, pk=FAR).pk}


def team() -> dict[str, Any]:
    return {"pk": Team.objects.create(name="North").pk}


def invitation() -> dict[str, Any]:
    admin = crm.an_admin()
    made = invitations.invite(email="new@acme.example", name="", role=Role.REP, team=None, by=admin, now=NOW)
    return {"pk": made.pk}


def token() -> dict[str, Any]:
    """Tokens are personal: only its owner finds it."""
    made, _secret = tokens.issue(by=crm.an_admin(), name="Accounting", scope=Scope.READ, now=NOW)
    return {"pk": made.pk, "asker": crm.an_admin()}


def web_form() -> dict[str, Any]:
    made = web_forms.create(by=crm.an_admin(), name="Site", heading="Hello", source="web", thanks="Thanks")
    return {"pk": made.pk}


def saved_view() -> dict[str, Any]:
    """A view is changed by its owner only."""
    made = SavedView.objects.create(list="deals", name="Mine", query="owner=mine", owner=crm.an_admin())
    return {"pk": made.pk, "asker": crm.an_admin()}


def bulk_edit() -> dict[str, Any]:
    batch = Batch.objects.create(kind=BatchKind.BULK, label="Deals", by=crm.an_admin(), at=NOW)
    deal = crm.make_opportunity()
    refused = [[deal.pk, deal.title, "no_right", []]]
    return {"pk": BulkEdit.objects.create(batch=batch, list="deals", field="owner", refused=refused).pk}


def customer() -> dict[str, Any]:
    return {"pk": crm.make_customer().pk}


def contact() -> dict[str, Any]:
    return {"pk": crm.make_contact().pk}


def lead() -> dict[str, Any]:
    return {"pk": crm.make_lead().pk}


def lead_category() -> dict[str, Any]:
    return {"pk": crm.make_category().pk}


def deal() -> dict[str, Any]:
    return {"pk": crm.make_opportunity().pk, "field": "amount", "posted": {"stage": crm.a_stage().pk}}


def stage() -> dict[str, Any]:
    return {"pk": crm.a_stage().pk}


def field_rule() -> dict[str, Any]:
    crm.make_stages()
    crm.need(crm.a_stage(), "amount")
    return {"pk": FieldRule.objects.get().pk}


def own_field() -> dict[str, Any]:
    made = crm.make_own_field("Size")
    return {"pk": made.pk, "entity": made.entity, "field": made.name, "posted": {"kind": "slow"}}


def lost_reason() -> dict[str, Any]:
    crm.make_stages()
    return {"pk": LostReason.objects.earliest("position").pk}


def step() -> dict[str, Any]:
    return {"pk": crm.make_next_step(crm.an_admin(), opportunity=crm.make_opportunity()).pk}


def case() -> dict[str, Any]:
    return {"pk": crm.make_case().pk}


def files() -> dict[str, Any]:
    return {"kind": "customer", "pk": crm.make_customer().pk}


def file() -> dict[str, Any]:
    return {"pk": crm.make_attachment(crm.an_admin()).pk}


def an_export() -> dict[str, Any]:
    job = ExportJob(state="done", finished_at=NOW, created_by=crm.an_admin())
    job.file.save("export.zip", ContentFile(b"PK"))
    return {"pk": job.pk}


def an_import() -> dict[str, Any]:
    table = ContentFile(b"name\nAcme\n", name="customers.csv")
    made = ImportJob.objects.create(
        kind="customers",
        file=table,
        file_name="customers.csv",
        sha256="0" * 64,
        columns=[{"heading": "name", "samples": ["Acme"]}],
        created_by=crm.an_admin(),
    )
    return {"pk": made.pk}


def record() -> dict[str, Any]:
    return {"kind": "customer", "pk": crm.make_customer().pk, "field": "city"}


def binned_record() -> dict[str, Any]:
    made = crm.make_customer()
    bins.throw_away(RecordKind.CUSTOMER, [made.pk], by=crm.an_admin(), today=NOW.date())
    return {"kind": "customer", "pk": made.pk}


def handover() -> dict[str, Any]:
    return {"pk": hand_over(giver=crm.an_admin(), taker=None, by=crm.an_admin()).pk}


def edit() -> dict[str, Any]:
    made = crm.make_customer("Acme")
    customers.change(made, by=crm.an_admin(), values={"name": "Acme Ltd"})
    found = Edit.objects.get(record_id=made.pk)
    return {"kind": "customer", "pk": made.pk, "edit_pk": found.pk, "posted": {"field": "name"}}


def issue() -> dict[str, Any]:
    return {"entity": "opportunity", "pk": crm.make_opportunity().pk, "rule": "no_next_step"}


def meeting() -> dict[str, Any]:
    item = rituals.make_item()
    return {"pk": item.meeting_id, "item_pk": item.pk, "posted": {"item": item.pk}}


def item() -> dict[str, Any]:
    return {"pk": rituals.make_item().pk}


def action() -> dict[str, Any]:
    held = rituals.make_meeting()
    return {"pk": rituals.make_action(held, crm.an_admin()).pk}


def promise() -> dict[str, Any]:
    held = rituals.make_meeting()
    return {"pk": rituals.make_appearance(rituals.make_action(held, crm.an_admin()), held).pk}


def ritual() -> dict[str, Any]:
    return {"pk": rituals.make_ritual().pk}


def decision() -> dict[str, Any]:
    return {"pk": rituals.make_decision(crm.an_admin()).pk}


def minutes() -> dict[str, Any]:
    closed = rituals.make_meeting(state=MeetingState.CLOSED)
    written = issue_minutes(closed, by=crm.an_admin(), now=NOW)
    return {"pk": closed.pk, "version": written.version}


def cycle() -> dict[str, Any]:
    return {"pk": okr.make_cycle().pk}


def objective() -> dict[str, Any]:
    return {"pk": okr.make_objective(crm.an_admin()).pk}


def key_result() -> dict[str, Any]:
    return {"pk": okr.make_key_result(okr.make_objective(crm.an_admin())).pk}


def key_decision() -> dict[str, Any]:
    return {"pk": charter.make_key_decision(crm.an_admin()).pk}


OBJECTS: dict[str, Callable[[], dict[str, Any]]] = {
    "members:person": person,
    "members:invitation": invitation,
    "members:team": team,
    "api:token": token,
    "api:web_form": web_form,
    "crm:list_view": saved_view,
    "crm:bulk": bulk_edit,
    "crm:customer": customer,
    "crm:contact": contact,
    "crm:contact_new": customer,
    "crm:lead": lead,
    "crm:lead_category": lead_category,
    "crm:deal": deal,
    "crm:step": step,
    "crm:stage": stage,
    "crm:field_rule": field_rule,
    "crm:own_field": own_field,
    "crm:field_why": own_field,
    "crm:field_mark": own_field,
    "crm:lost_reason": lost_reason,
    "crm:import": an_import,
    "crm:export": an_export,
    "crm:case": case,
    "crm:files": files,
    "crm:file": file,
    "crm:record": record,
    "crm:record_restore": binned_record,
    "crm:field_restore": edit,
    "crm:handover": handover,
    "pipeline:move": deal,
    "pipeline:column": stage,
    "dataquality:fix": issue,
    "dataquality:deal": deal,
    "dataquality:lead": lead,
    "dataquality:customer": customer,
    "rituals:meeting": meeting,
    "rituals:item": item,
    "rituals:ritual": ritual,
    "rituals:action": promise,
    "rituals:action_done": action,
    "rituals:decision": decision,
    "rituals:minutes": minutes,
    "rituals:deal": deal,
    "okr:cycle": cycle,
    "okr:objective": objective,
    "okr:key_result": key_result,
    "okr:key_result_new": objective,
    "okr:check_in": key_result,
    "charter:key_decision": key_decision,
}
