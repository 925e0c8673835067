import secrets

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Calendar, Language, Playbook, Tenant


def new_token() -> str:
    return secrets.token_urlsafe(32)


class Provisioning(models.Model):
    """One sign-up: what was typed, how far the workspace has come, and the key to its first log-in."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    token = models.CharField(max_length=64, unique=True, default=new_token)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language)
    calendar = models.CharField(max_length=9, choices=Calendar)
    timezone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    playbook = models.CharField(max_length=9, choices=Playbook)
    admin_name = models.CharField(max_length=120)
    admin_email = models.EmailField()
    # Hashed at once; emptied when the workspace stands.
    password_hash = models.CharField(max_length=256, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="provisioning_one_per_address", fields=["address"], condition=models.Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return reverse("signup_progress", args=[self.token])
