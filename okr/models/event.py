from django.conf import settings
from django.db import models

from okr.models.objective import Objective, ObjectiveState


class ObjectiveEvent(models.Model):
    """Append-only: an objective's way through its states. `old` is empty for the proposal."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    old = models.CharField(max_length=10, choices=ObjectiveState, blank=True)
    new = models.CharField(max_length=10, choices=ObjectiveState)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
