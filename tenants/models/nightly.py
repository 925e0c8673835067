from django.db import models

from tenants.models.tenant import Tenant


class NightlyRun(models.Model):
    """One job of one tenant in one of its nights. The unique row is what makes a job run once per local day."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="nightly_runs")
    job = models.CharField(max_length=60)
    local_day = models.DateField()
    sent_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="nightly_run_once", fields=["tenant", "job", "local_day"]),
        ]
        indexes = [
            models.Index(name="nightly_run_open", fields=["sent_at"], condition=models.Q(finished_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.local_day}"
