from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants import clock

SLOTS = 3


class InForce(models.Manager["KeyDecision"]):
    def get_queryset(self) -> models.QuerySet["KeyDecision"]:
        return super().get_queryset().filter(slot__isnull=False)


class KeyDecision(models.Model):
    """One of the two or three decisions that the firm bought the product for. The slot makes a fourth impossible.

    A replaced one loses its slot and stays for the history; `objects` shows the ones in force, `everything` all.
    """

    slot = models.PositiveSmallIntegerField(unique=True, null=True)
    name = models.CharField(_("short name"), max_length=40)
    sentence = models.CharField(_("the decision, as a question"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="key_decisions", verbose_name=_("owner")
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[InForce] = InForce()
    everything: ClassVar[models.Manager["KeyDecision"]] = models.Manager()

    class Meta:
        ordering = ["slot", "-retired_at"]
        base_manager_name = "everything"
        constraints = [
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=SLOTS), name="key_decision_slot_1_to_3"),
            models.CheckConstraint(condition=~Q(name=""), name="key_decision_has_name"),
            models.CheckConstraint(
                condition=Q(slot__isnull=True, retired_at__isnull=False)
                | Q(slot__isnull=False, retired_at__isnull=True),
                name="key_decision_in_force_or_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name
