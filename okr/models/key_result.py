from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from okr.models.objective import Objective

KEY_RESULTS = 5


class Direction(models.TextChoices):
    UP = "up", _("rises")
    DOWN = "down", _("falls")


class KeyResult(models.Model):
    """From `baseline` to `target` in `unit`, by the end of the cycle. Progress is derived from check-ins."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="key_results")
    title = models.CharField(_("key result"), max_length=160)
    unit = models.CharField(_("unit"), max_length=30)
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=2)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=2)
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    source = models.CharField(_("where the number comes from"), max_length=120, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="key_results", verbose_name=_("owner")
    )
    guard = models.CharField(_("guard: what must not get worse"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["objective", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(baseline=F("target")), name="key_result_target_differs"),
            models.CheckConstraint(
                condition=Q(direction="up", target__gt=F("baseline")) | Q(direction="down", target__lt=F("baseline")),
                name="key_result_direction_fits",
            ),
            models.UniqueConstraint(fields=["objective", "position"], name="key_result_position_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=KEY_RESULTS), name="key_result_at_most_five"
            ),
        ]

    def __str__(self) -> str:
        return self.title
