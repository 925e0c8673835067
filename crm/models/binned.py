"""Deleting puts a record in the bin for thirty days: out of every list, sum and search, and back again by one click."""

from typing import TypeVar

from django.conf import settings
from django.db import models

M = TypeVar("M", bound="Binned")


class LiveManager(models.Manager[M]):
    """What is not in the bin. Foreign keys still reach a binned record (`_base_manager`), so history stays readable."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(deleted_at=None)


class Binned(models.Model):
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )

    objects = LiveManager()
    with_binned = models.Manager()

    class Meta:
        abstract = True
