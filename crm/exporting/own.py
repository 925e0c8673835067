"""The tables of this room and of the rooms below it."""

from django.utils.translation import gettext_lazy as _

from crm.exporting.registry import register


def register_own() -> None:
    register("members.User", "members", _("Colleagues"), without=("theme", "last_login"))
    register("members.Team", "teams", _("Teams"))
    register("charter.KeyDecision", "key_decisions", _("Key decisions"))
    register("crm.Stage", "stages", _("Stages"))
    register("crm.LostReason", "lost_reasons", _("Reasons for losing"))
    register("crm.LeadCategory", "lead_categories", _("Categories of leads"))
    register("crm.FieldRule", "field_rules", _("Asked fields"))
    register("crm.CustomField", "own_fields", _("Own fields"))
    register("crm.FieldMark", "field_marks", _("What users think of fields"))
    register("crm.FormChange", "form_changes", _("Changes of forms"))
    register("crm.Lead", "leads", _("Leads"))
    register("crm.Customer", "customers", _("Customers"))
    register("crm.Contact", "contacts", _("Contacts"))
    register("crm.Opportunity", "deals", _("Deals"))
    register("crm.Interaction", "interactions", _("Interactions"))
    register("crm.NextStep", "next_steps", _("Next steps"))
    register("crm.Case", "cases", _("Complaints and requests"))
    register("crm.Change", "deal_changes", _("Changes of deals"))
    register("crm.Edit", "edits", _("Edits of records"))
    register("crm.Conversion", "conversions", _("Converted leads"))
    register("crm.Handover", "handovers", _("Hand-overs"))
    register("crm.Attachment", "attachments", _("Files"))
    register("crm.Erasure", "erasures", _("Erasures on request"))
