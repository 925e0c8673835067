from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer, Lead, Opportunity


class Rule(models.TextChoices):
    NO_AMOUNT = "no_amount", _("No amount")
    NO_CLOSE_DATE = "no_close_date", _("No expected close")
    NO_CUSTOMER = "no_customer", _("No customer")
    NO_OWNER = "no_owner", _("No owner")
    NO_DECIDER = "no_decider", _("Nobody at the customer is marked as deciding")
    CLOSE_PAST = "close_past", _("Expected close is past")
    STALE = "stale", _("Nothing happened for too long")
    NO_NEXT_STEP = "no_next_step", _("No next step")
    STEP_OVERDUE = "step_overdue", _("Next step is overdue")
    LEAD_NO_WAY = "lead_no_way", _("No phone and no e-mail")
    LEAD_NO_SOURCE = "lead_no_source", _("No source")
    LEAD_UNANSWERED = "lead_unanswered", _("Not answered yet")
    CUSTOMER_NO_PHONE = "customer_no_phone", _("No phone number")
    ASKED_EMPTY = "asked_empty", _("An asked field is empty")


class Issue(models.Model):
    """One rule broken by one record, from the night it was found until fixed. It costs `weight` points (0-100)."""

    rule = models.CharField(max_length=20, choices=Rule)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, null=True, related_name="issues")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="issues")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, null=True, related_name="issues")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="issues")
    weight = models.PositiveSmallIntegerField()
    found_on = models.DateField()
    resolved_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-weight", "found_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(opportunity__isnull=False, customer__isnull=True, lead__isnull=True)
                    | Q(opportunity__isnull=True, customer__isnull=False, lead__isnull=True)
                    | Q(opportunity__isnull=True, customer__isnull=True, lead__isnull=False)
                ),
                name="issue_of_one_record",
            ),
            models.UniqueConstraint(
                fields=["rule", "opportunity"], condition=Q(resolved_on__isnull=True), name="issue_open_once_per_deal"
            ),
            models.UniqueConstraint(
                fields=["rule", "customer"], condition=Q(resolved_on__isnull=True), name="issue_open_once_per_customer"
            ),
            models.UniqueConstraint(
                fields=["rule", "lead"], condition=Q(resolved_on__isnull=True), name="issue_open_once_per_lead"
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "-weight"], condition=Q(resolved_on__isnull=True), name="issue_open_of_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.rule
