"""The shapes of requests and answers, as the OpenAPI document shows them.

Amounts are text in the base unit of the firm's currency (rial for IRR). Days are ISO, times ISO with offset.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from crm.models import InteractionKind, LeadStatus, StageKind

Line = Annotated[str, StringConstraints(max_length=200)]
Short = Annotated[str, StringConstraints(max_length=80)]
Name = Annotated[str, StringConstraints(max_length=120, min_length=1)]
Title = Annotated[str, StringConstraints(max_length=200, min_length=1)]
Sentence = Annotated[str, StringConstraints(max_length=500, min_length=1)]
Note = Annotated[str, StringConstraints(max_length=5000)]
Own = dict[str, str | int | float | bool | None]


class Given(Schema):
    """A request. A name that we do not know is refused, so that a typing mistake is not lost in silence."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """What was really sent, less what is not a field of the record."""
        return self.model_dump(exclude_unset=True, exclude={"external_id", "version", "stage_id"})


class Shown(Schema):
    id: int
    external_id: str
    version: int
    created_at: datetime
    updated_at: datetime


class Page(Schema):
    """`next` is the value of `after` that brings the next page; null on the last one."""

    next: int | None


# --- Leads --------------------------------------------------------------------------------------------------------
class LeadChange(Given):
    name: Name = ""
    company: Line = ""
    phone: Short = ""
    email: Line = ""
    source: Short = ""
    category_id: int | None = None
    owner_id: int | None = None
    custom: Own = {}
    version: int | None = Field(None, description="The version you have read; 409 if somebody was faster.")


class NewLead(LeadChange):
    name: Name
    external_id: Short = Field("", description="Your own id. A second request with it answers with the first lead.")


class LeadOut(Shown):
    name: str
    company: str
    phone: str
    email: str
    source: str
    status: LeadStatus
    category_id: int | None
    owner_id: int | None
    customer_id: int | None
    deal_id: int | None
    captured_at: datetime
    first_response_at: datetime | None
    respond_by: datetime | None
    custom: dict[str, Any]


class LeadPage(Page):
    items: list[LeadOut]


# --- Customers and contacts ---------------------------------------------------------------------------------------
class CustomerChange(Given):
    name: Title = ""
    sector: Short = ""
    city: Short = ""
    phone: Short = ""
    email: Line = ""
    note: Note = ""
    owner_id: int | None = None
    service_owner_id: int | None = None
    custom: Own = {}
    version: int | None = None


class NewCustomer(CustomerChange):
    name: Title
    external_id: Short = ""


class CustomerOut(Shown):
    name: str
    sector: str
    city: str
    phone: str
    email: str
    note: str
    owner_id: int | None
    service_owner_id: int | None
    custom: dict[str, Any]


class CustomerPage(Page):
    items: list[CustomerOut]


class ContactChange(Given):
    name: Name = ""
    title: Short = ""
    phone: Short = ""
    email: Line = ""
    decides: bool = False
    version: int | None = None


class NewContact(ContactChange):
    name: Name
    customer_id: int
    external_id: Short = ""


class ContactOut(Shown):
    customer_id: int
    name: str
    title: str
    phone: str
    email: str
    decides: bool


class ContactPage(Page):
    items: list[ContactOut]


# --- Deals --------------------------------------------------------------------------------------------------------
class DealValues(Given):
    title: Title = ""
    customer_id: int | None = None
    amount: Decimal | None = Field(None, description='In the base unit, best as text: "1250000000".')
    expected_close: date | None = None
    owner_id: int | None = None
    custom: Own = {}


class DealChange(DealValues):
    version: int | None = None


class NewDeal(DealValues):
    title: Title
    stage_id: int | None = Field(
        None, description="The first open stage if it is left out. A guarded one asks its fields."
    )
    external_id: Short = ""


class Move(Given):
    stage_id: int
    values: DealValues | None = Field(None, description="Fills what the stage needs in the same step.")
    lost_reason: Line = ""


class DealOut(Shown):
    title: str
    customer_id: int | None
    amount: str | None
    currency: str
    stage_id: int
    stage_since: date
    expected_close: date | None
    is_open: bool
    closed_on: date | None
    lost_reason: str
    owner_id: int | None
    custom: dict[str, Any]


class DealPage(Page):
    items: list[DealOut]


# --- Interactions -------------------------------------------------------------------------------------------------
class Step(Given):
    what: Title
    due_on: date


class NewInteraction(Given):
    """Hangs on a lead, a customer or a deal."""

    kind: InteractionKind
    sentence: Sentence
    happened_at: datetime | None = Field(None, description="Now if it is left out.")
    lead_id: int | None = None
    customer_id: int | None = None
    deal_id: int | None = None
    next_step: Step | None = None
    external_id: Short = ""


class InteractionOut(Schema):
    id: int
    external_id: str
    kind: InteractionKind
    sentence: str
    happened_at: datetime
    logged_at: datetime
    by_id: int
    lead_id: int | None
    customer_id: int | None
    deal_id: int | None
    contact_id: int | None


class InteractionPage(Page):
    items: list[InteractionOut]


# --- What there is ------------------------------------------------------------------------------------------------
class StageOut(Schema):
    """`needs` are the fields without which no deal enters."""

    id: int
    name: str
    kind: StageKind
    position: int
    probability: int
    needs: list[str]


class FieldOut(Schema):
    name: str
    label: str
    kind: str
    choices: list[str]


class Me(Schema):
    id: int
    name: str
    role: str
    scope: str
    firm: str
    currency: str
    language: str
