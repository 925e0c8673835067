from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.case import Case
from crm.models.contact import Contact
from crm.models.customer import Customer
from crm.models.lead import Lead
from crm.models.opportunity import Opportunity


class InteractionKind(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    MESSAGE = "message", _("Message")
    EMAIL = "email", _("E-mail")
    NOTE = "note", _("Note")


class Interaction(models.Model):
    """What happened, in one sentence. It hangs on a lead, a customer or (a deal without customer) a deal.

    What is said about a `case` hangs on the case's customer too, so that the customer has one history.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=InteractionKind, default=InteractionKind.CALL)
    sentence = models.CharField(_("what happened"), max_length=500)
    happened_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interactions")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="interactions")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, null=True, related_name="interactions")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.SET_NULL, null=True, related_name="interactions")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="interactions")
    case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="interactions", db_index=False
    )
    imported_in = models.ForeignKey(
        "crm.Batch", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False, db_index=False
    )
    external_id = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(sentence=""), name="interaction_has_sentence"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(lead__isnull=False) | Q(opportunity__isnull=False),
                name="interaction_hangs_on_something",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(customer__isnull=False), name="interaction_of_case_has_customer"
            ),
            models.CheckConstraint(condition=Q(logged_at__gte=F("happened_at")), name="interaction_logged_afterwards"),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="interaction_external_id_once"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-happened_at"], name="interaction_of_customer"),
            models.Index(fields=["opportunity", "-happened_at"], name="interaction_of_opportunity"),
            models.Index(fields=["lead", "-happened_at"], name="interaction_of_lead"),
            models.Index(fields=["by", "-logged_at"], name="interaction_by"),
            models.Index(fields=["case", "-happened_at"], condition=Q(case__isnull=False), name="interaction_of_case"),
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="interaction_imported"),
        ]

    def __str__(self) -> str:
        return self.sentence
