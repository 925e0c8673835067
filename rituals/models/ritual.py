from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import KeyDecision


class RitualKind(models.TextChoices):
    PIPELINE = "pipeline", _("Weekly pipeline review")
    OKR = "okr", _("Monthly OKR review")


class Ritual(models.Model):
    """A meeting that comes back on `weekday` (Monday 0): every week, or on the first such day of the tenant's month."""

    kind = models.CharField(max_length=12, choices=RitualKind)
    name = models.CharField(_("name"), max_length=80)
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts_at = models.TimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=45)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rituals_led", verbose_name=_("facilitator")
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="rituals", blank=True)
    serves = models.ForeignKey(KeyDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="rituals")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="ritual_weekday"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=240), name="ritual_length"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def monthly(self) -> bool:
        return self.kind == RitualKind.OKR
