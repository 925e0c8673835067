from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants import clock

SLOTS = 3


class KeyDecision(models.Model):
    """One of the two or three decisions that the firm bought the product for. The slot makes a fourth impossible."""

    slot = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(_("short name"), max_length=40)
    sentence = models.CharField(_("the decision, as a question"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="key_decisions", verbose_name=_("owner")
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=SLOTS), name="key_decision_slot_1_to_3"),
            models.CheckConstraint(condition=~Q(name=""), name="key_decision_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
