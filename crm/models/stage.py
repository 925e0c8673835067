from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StageKind(models.TextChoices):
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Stage(models.Model):
    """A step of the pipeline. `probability` is in percent; `stale_after` in days without movement.

    What a deal needs to enter it stands in the field rules (`crm.fields.needs`).
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    meaning = models.CharField(_("meaning"), max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=StageKind, default=StageKind.OPEN)
    position = models.PositiveSmallIntegerField(unique=True)
    probability = models.PositiveSmallIntegerField(_("probability"), default=0)
    stale_after = models.PositiveSmallIntegerField(_("days until stale"), default=14)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability_percent"),
            models.CheckConstraint(condition=Q(stale_after__gte=1), name="stage_stale_after_positive"),
            models.UniqueConstraint(F("kind"), condition=Q(kind="won"), name="stage_one_won"),
            models.UniqueConstraint(F("kind"), condition=Q(kind="lost"), name="stage_one_lost"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.kind == StageKind.OPEN
