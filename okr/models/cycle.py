from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CycleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Running")
    CLOSED = "closed", _("Closed")


class Cycle(models.Model):
    """A season of objectives, both days included."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    state = models.CharField(max_length=8, choices=CycleState, default=CycleState.DRAFT)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cycle_ends_after_start"),
            models.UniqueConstraint(F("state"), condition=Q(state="active"), name="cycle_one_active"),
        ]

    def __str__(self) -> str:
        return self.name
