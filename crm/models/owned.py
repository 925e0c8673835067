from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants import clock


class Owned(models.Model):
    """A record that somebody answers for. Ownerless ones wait in the assignment queue."""

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

    class Meta:
        abstract = True
