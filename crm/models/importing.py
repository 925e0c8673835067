from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.models.history import Batch
from tenants import clock


class ImportKind(models.TextChoices):
    PEOPLE = "people", _("Owners (people)")
    CUSTOMERS = "customers", _("Customers")
    OPPORTUNITIES = "opportunities", _("Deals")
    LEADS = "leads", _("Leads")
    CONTACTS = "contacts", _("Contacts")
    INTERACTIONS = "interactions", _("Interactions")


class ImportState(models.TextChoices):
    MAPPING = "mapping", _("Choosing columns")
    CHECKING = "checking", _("Checking")
    READY = "ready", _("Ready")
    RUNNING = "running", _("Importing")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ImportJob(models.Model):
    """One uploaded table on its way in. `mapping` is column heading → field; counts are rows of the file."""

    kind = models.CharField(max_length=16, choices=ImportKind)
    file = models.FileField(upload_to="imports/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.MAPPING)
    total = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="import_job", editable=False
    )
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed", "cancelled"]) | Q(finished_at__isnull=False),
                name="import_finished_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("crm:import", args=[self.pk])


class ImportProblem(models.Model):
    """What is wrong with one cell. `row` counts from 1 with the heading row as 1, as a spreadsheet shows it."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=300)
    rejects = models.BooleanField(default=True)

    class Meta:
        ordering = ["row", "pk"]
        indexes = [models.Index(fields=["job", "row"], name="import_problem_of_job")]

    def __str__(self) -> str:
        return f"{self.row}: {self.message}"
