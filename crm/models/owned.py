from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.binned import Binned
from tenants import clock


class Owned(Binned):
    """A record that somebody answers for. Ownerless ones wait in the assignment queue.

    `custom` holds the values of the firm's own fields by their key, in canonical JSON (`crm.fields.custom`).
    `imported_in` is the batch that created the record, so that a whole import can be taken back.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("owner"),
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Counts the edits, so that a form can tell that somebody else was faster.
    version = models.PositiveIntegerField(default=1, editable=False)
    custom = models.JSONField(default=dict, blank=True)
    imported_in = models.ForeignKey(
        "crm.Batch", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False, db_index=False
    )

    class Meta(Binned.Meta):
        abstract = True
