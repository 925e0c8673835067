from crm.models.change import Change, ChangeField
from crm.models.contact import Contact
from crm.models.customer import Customer
from crm.models.field_rule import Entity, FieldRule
from crm.models.importing import ImportJob, ImportKind, ImportProblem, ImportState
from crm.models.interaction import Interaction, InteractionKind
from crm.models.lead import Lead, LeadStatus
from crm.models.next_step import NextStep
from crm.models.opportunity import Opportunity
from crm.models.stage import Stage, StageKind

__all__ = [
    "Change",
    "ChangeField",
    "Contact",
    "Customer",
    "Entity",
    "FieldRule",
    "ImportJob",
    "ImportKind",
    "ImportProblem",
    "ImportState",
    "Interaction",
    "InteractionKind",
    "Lead",
    "LeadStatus",
    "NextStep",
    "Opportunity",
    "Stage",
    "StageKind",
]
