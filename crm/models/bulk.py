from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.models.history import Batch
from crm.models.listing import ListKind


class BulkState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being changed")
    DONE = "done", _("Done")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")


class BulkEdit(models.Model):
    """One change to many records of a list. `records` are their ids, worked off in this order up to `done`.

    `field` is a field of the list's entity, or "bin"; `value` its canonical JSON. `refused` holds
    [id, name, why, what is missing] of the records that stayed as they were, `kept` the same for an undo.
    """

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="bulk_edit")
    # Before the column `list`, which hides the type of that name from here on.
    records = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    list = models.CharField(max_length=9, choices=ListKind)
    field = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    lost_reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=BulkState, default=BulkState.WAITING)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undone"]) | Q(finished_at__isnull=False),
                name="bulk_edit_finished_has_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.batch)

    def get_absolute_url(self) -> str:
        return reverse("crm:bulk_edit", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        return self.state in (BulkState.WAITING, BulkState.RUNNING, BulkState.UNDOING)

    @property
    def percent(self) -> int:
        return 100 * self.done // max(len(self.records), 1)
