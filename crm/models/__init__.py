from crm.models.attachment import Attachment
from crm.models.bulk import BulkEdit, BulkState
from crm.models.case import Case, CaseKind, CaseState
from crm.models.change import Change, ChangeField
from crm.models.contact import Contact
from crm.models.custom_field import CustomField, CustomKind, FieldMark, FieldReading, FormChange, LostReason, MarkKind
from crm.models.customer import Customer
from crm.models.exporting import ExportJob, ExportState
from crm.models.field_rule import Asking, Entity, FieldRule
from crm.models.handover_note import HandoverNote
from crm.models.history import Batch, BatchKind, Edit, Erasure, Handover, RecordKind, Via
from crm.models.importing import ImportJob, ImportKind, ImportProblem, ImportState
from crm.models.intake import Assignment, Breach, Conversion, LeadCategory
from crm.models.interaction import Interaction, InteractionKind
from crm.models.lead import Lead, LeadStatus
from crm.models.listing import ListKind, ListLayout, SavedView
from crm.models.next_step import NextStep
from crm.models.opportunity import Opportunity
from crm.models.stage import Stage, StageKind

__all__ = [
    "Asking",
    "Assignment",
    "Attachment",
    "Batch",
    "BatchKind",
    "Breach",
    "BulkEdit",
    "BulkState",
    "Case",
    "CaseKind",
    "CaseState",
    "Change",
    "ChangeField",
    "Contact",
    "Conversion",
    "CustomField",
    "CustomKind",
    "Customer",
    "Edit",
    "Entity",
    "Erasure",
    "ExportJob",
    "ExportState",
    "FieldMark",
    "FieldReading",
    "FieldRule",
    "FormChange",
    "Handover",
    "HandoverNote",
    "ImportJob",
    "ImportKind",
    "ImportProblem",
    "ImportState",
    "Interaction",
    "InteractionKind",
    "Lead",
    "LeadCategory",
    "LeadStatus",
    "ListKind",
    "ListLayout",
    "LostReason",
    "MarkKind",
    "NextStep",
    "Opportunity",
    "RecordKind",
    "SavedView",
    "Stage",
    "StageKind",
    "Via",
]
