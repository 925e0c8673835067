from django.conf import settings
from django.db import models
from django.db.models import Q


class OwnerScore(models.Model):
    """What one night found about one owner's open records; `owner` null is the whole workspace.

    All scores are 0-100, or null where there was nothing to judge. `records` counts the open deals and leads judged.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="scores")
    day = models.DateField()
    score = models.PositiveSmallIntegerField()
    completeness = models.PositiveSmallIntegerField(null=True)
    freshness = models.PositiveSmallIntegerField(null=True)
    next_step = models.PositiveSmallIntegerField(null=True)
    records = models.PositiveIntegerField()
    open_issues = models.PositiveIntegerField()
    trusted_amount = models.DecimalField(max_digits=24, decimal_places=2, default=0)
    total_amount = models.DecimalField(max_digits=24, decimal_places=2, default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "day"], nulls_distinct=False, name="owner_score_once_a_day"),
            models.CheckConstraint(condition=Q(score__lte=100), name="owner_score_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.score}"
