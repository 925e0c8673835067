from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants import clock


class Via(models.TextChoices):
    """The door an edit came through."""

    FORM = "form", _("by hand")
    BULK = "bulk", _("in bulk")
    IMPORT = "import", _("by import")
    HANDOVER = "handover", _("by hand-over")
    MEETING = "meeting", _("in a meeting")
    RESTORE = "restore", _("restored")
    UNDO = "undo", _("undone")
    API = "api", _("by a program")


class RecordKind(models.TextChoices):
    """What has a history: the entities that field rules know, contacts and cases."""

    LEAD = "lead", _("Lead")
    CUSTOMER = "customer", _("Customer")
    OPPORTUNITY = "opportunity", _("Deal")
    CONTACT = "contact", _("Contact")
    CASE = "case", _("Request")


class BatchKind(models.TextChoices):
    IMPORT = "import", _("Import")
    BULK = "bulk", _("Bulk edit")
    HANDOVER = "handover", _("Hand-over")


class Batch(models.Model):
    """Many edits made as one, which can be taken back as one. `records` counts them."""

    kind = models.CharField(max_length=8, choices=BatchKind)
    label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    records = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="batch_undone_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())


class Edit(models.Model):
    """Append-only: what one save changed on one record, `{field: [old, new]}` in canonical JSON.

    Own fields stand under `custom.<key>`. A database trigger refuses UPDATE, and DELETE outside an erasure.
    """

    entity = models.CharField(max_length=12, choices=RecordKind)
    record_id = models.BigIntegerField()
    values = models.JSONField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8, choices=Via, default=Via.FORM)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="edits")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["entity", "record_id", "-at"], name="edit_of_record"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="edit_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.record_id}: {', '.join(self.values)}"


class Handover(models.Model):
    """A whole book given from one person to another, or to the queue, with what the next one has to know.

    `steps` are the ids of the next steps that moved along, for taking it back; `seen_at` is when the taker read it.
    """

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="handover")
    steps = ArrayField(models.BigIntegerField(), default=list, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["taker"], condition=Q(seen_at__isnull=True), name="handover_unseen")]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker or '–'}"


class Erasure(models.Model):
    """That a person was erased on request. Keeps no word about who it was."""

    entity = models.CharField(max_length=12)
    record_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.entity} {self.record_id}"
