from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from crm.models.case import Case
from crm.models.customer import Customer
from crm.models.lead import Lead
from crm.models.opportunity import Opportunity
from tenants import clock


class Attachment(models.Model):
    """A file that belongs to a record. `size` is in bytes; a file of a deal also shows on its customer."""

    file = models.FileField(upload_to="attachments/%Y/%m/")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False)
                | Q(lead__isnull=False)
                | Q(opportunity__isnull=False)
                | Q(case__isnull=False),
                name="attachment_hangs_on_something",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The file itself."""
        return reverse("crm:file", args=[self.pk])
