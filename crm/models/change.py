from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.opportunity import Opportunity


class ChangeField(models.TextChoices):
    STAGE = "stage", _("Stage")
    AMOUNT = "amount", _("Amount")
    EXPECTED_CLOSE = "expected_close", _("Expected close")
    OWNER = "owner", _("Owner")
    CREATED = "created", _("Created")


class Change(models.Model):
    """Append-only: one value of a deal, old → new. A database trigger refuses UPDATE and DELETE of single rows.

    `old` and `new` hold the value in canonical text ("" for none): a stage's or owner's id, a decimal, an ISO day, so
    that text order is day order. The labels are copied, so that a later rename cannot rewrite history. `meeting_id` and
    `decision_id` name the meeting and decision that caused the change; the rooms above own those tables.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=16, choices=ChangeField)
    old = models.CharField(max_length=60, blank=True)
    new = models.CharField(max_length=60, blank=True)
    old_label = models.CharField(max_length=200, blank=True)
    new_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    meeting_id = models.BigIntegerField(null=True, blank=True)
    decision_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["opportunity", "-at"], name="change_of_opportunity"),
            models.Index(fields=["-at"], name="change_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old_label} → {self.new_label}"
