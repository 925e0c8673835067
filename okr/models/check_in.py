from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okr.models.key_result import KeyResult


class CheckIn(models.Model):
    """The value on a day, and how sure the owner is (1-10) that the target will be reached by the end of the cycle."""

    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="check_ins")
    day = models.DateField()
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=2)
    confidence = models.PositiveSmallIntegerField(_("confidence"))
    note = models.CharField(_("in one line"), max_length=300, blank=True)
    guard_holds = models.BooleanField(_("the guard holds"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key_result", "day"], name="check_in_once_a_day"),
            models.CheckConstraint(condition=Q(confidence__gte=1, confidence__lte=10), name="check_in_confidence"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.value}"
