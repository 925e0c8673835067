"""Rows of the records. Stages come from the tenant's playbook, laid once by `make_stages` / `install_playbook`."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from charter.models import KeyDecision
from crm.fields import custom
from crm.models import (
    Asking,
    Attachment,
    Case,
    CaseKind,
    CaseState,
    Contact,
    Customer,
    CustomField,
    CustomKind,
    Entity,
    FieldRule,
    Interaction,
    InteractionKind,
    Lead,
    LeadCategory,
    NextStep,
    Opportunity,
    Stage,
    StageKind,
)
from crm.services import attachment as attachments
from crm.services import playbook
from members.models import Role, User
from tenants import clock
from tests.factories.charter import make_key_decision

TODAY = date(2026, 11, 21)
_number = count(1)


def install_playbook(name: str = "b2b", language: str = "fa", admin: User | None = None) -> list[Stage]:
    """Stages, key decisions and asked fields of a playbook. Does nothing in a workspace that has stages."""
    if not Stage.objects.exists():
        playbook.install(playbook=name, language=language, admin=admin or an_admin())
    return list(Stage.objects.order_by("position"))


def make_stages() -> list[Stage]:
    """The six stages of the Persian B2B playbook in their order: four open ones, won, lost; no asked fields.

    Tests that want guarded stages or field rules call `install_playbook`.
    """
    if not Stage.objects.exists():
        install_playbook()
        FieldRule.objects.all().delete()
    return list(Stage.objects.order_by("position"))


def need(stage: Stage, *names: str) -> None:
    """Guards the stage: no deal enters it without these fields."""
    serves = KeyDecision.objects.first() or make_key_decision(an_admin())
    for slot, name in enumerate(names, FieldRule.objects.filter(entity=Entity.OPPORTUNITY).count() + 1):
        FieldRule.objects.create(
            entity=Entity.OPPORTUNITY, field=name, mode=Asking.NEEDED, from_stage=stage, serves=serves, slot=slot
        )


def make_own_field(label: str, kind: str = CustomKind.TEXT, entity: str = Entity.CUSTOMER, **more: Any) -> CustomField:
    """A field of the firm's own for the first key decision; `choices` for a choice."""
    serves = KeyDecision.objects.first() or make_key_decision(an_admin())
    return custom.add(entity=entity, label=label, kind=kind, serves=serves, by=an_admin(), reason="لازم است", **more)


def an_admin() -> User:
    found = User.objects.filter(role=Role.ADMIN).first()
    return found or User.objects.create(
        email="playbook@acme.example", name="بهار راد", role=Role.ADMIN, password="!factory"
    )


def a_stage(kind: str = StageKind.OPEN) -> Stage:
    """The first stage of a kind."""
    make_stages()
    return Stage.objects.filter(kind=kind).earliest("position")


def make_customer(name: str = "", **fields: Any) -> Customer:
    return Customer.objects.create(name=name or f"شرکت {next(_number)}", **fields)


def make_contact(customer: Customer | None = None, name: str = "", **fields: Any) -> Contact:
    return Contact.objects.create(
        customer=customer or make_customer(), name=name or f"خانم رضایی {next(_number)}", **fields
    )


def make_lead(name: str = "", **fields: Any) -> Lead:
    fields.setdefault("captured_at", clock.now())
    return Lead.objects.create(name=name or f"سرنخ {next(_number)}", **fields)


def make_opportunity(title: str = "", **fields: Any) -> Opportunity:
    """A deal as a row, without `Change` rows (the service writes those). `customer=None` for none."""
    stage = fields.pop("stage", None) or a_stage()
    if "customer" not in fields:
        fields["customer"] = make_customer()
    fields.setdefault("stage_since", TODAY)
    fields.setdefault("is_open", stage.is_open)
    fields.setdefault("closed_on", None if fields["is_open"] else TODAY)
    return Opportunity.objects.create(title=title or f"فرصت {next(_number)}", stage=stage, **fields)


def make_case(customer: Customer | None = None, subject: str = "", **fields: Any) -> Case:
    """An open complaint; `state="done"` brings an outcome."""
    fields.setdefault("kind", CaseKind.COMPLAINT)
    fields.setdefault("opened_at", clock.now())
    if fields.get("state") == CaseState.DONE:
        fields.setdefault("outcome", "دستگاه تعمیر شد")
        fields.setdefault("done_at", max(clock.now(), fields["opened_at"]))
    return Case.objects.create(
        customer=customer or make_customer(), subject=subject or f"دستگاه کار نمی‌کند {next(_number)}", **fields
    )


def make_interaction(by: User, **fields: Any) -> Interaction:
    """Hangs on a new customer unless a customer, lead or opportunity is given."""
    if not {"customer", "lead", "opportunity"} & set(fields):
        fields["customer"] = make_customer()
    now = clock.now()
    fields.setdefault("happened_at", now)
    fields.setdefault("logged_at", max(now, fields["happened_at"]))
    fields.setdefault("kind", InteractionKind.CALL)
    fields.setdefault("sentence", f"تماس گرفتیم {next(_number)}")
    return Interaction.objects.create(by=by, **fields)


def make_next_step(owner: User, *, due_in: int = 1, **fields: Any) -> NextStep:
    """`due_in` days from the tests' today; hangs on a new customer unless told otherwise."""
    if deal := fields.get("opportunity"):
        fields.setdefault("customer", deal.customer)
    elif not {"customer", "lead"} & set(fields):
        fields["customer"] = make_customer()
    fields.setdefault("due_on", TODAY + timedelta(due_in))
    fields.setdefault("what", f"ارسال پیش‌فاکتور {next(_number)}")
    fields.setdefault("created_at", clock.now())
    fields.setdefault("created_by", owner)
    return NextStep.objects.create(owner=owner, **fields)


def make_attachment(
    by: User, record: Customer | Lead | Opportunity | Case | None = None, name: str = "پیش‌فاکتور.pdf"
) -> Attachment:
    """A file of the record, else of a new customer; through the service, so its bytes are there."""
    file = SimpleUploadedFile(name, b"%PDF-1.7")
    (made,) = attachments.attach([file], record=record or make_customer(), by=by)
    return made


def make_category(name: str = "", people: Iterable[User] = (), **fields: Any) -> LeadCategory:
    """Of leads; `sources` says which. The default one with `is_default=True`."""
    number = next(_number)
    if fields.get("is_default"):
        LeadCategory.objects.update(is_default=False)
    made = LeadCategory.objects.create(name=name or f"دسته {number}", position=100 + number, **fields)
    made.people.set(people)
    return made
