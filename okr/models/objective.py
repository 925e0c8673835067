from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.models import KeyDecision
from members.models import Team
from okr.models.cycle import Cycle
from tenants import clock

SLOTS = 4


class ObjectiveState(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    ACTIVE = "active", _("Active")
    CLOSED = "closed", _("Closed")


class Objective(models.Model):
    """An aim of the whole firm (`team` null) or of one team. Only a slot makes it active: there is no fifth slot."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="objectives")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="objectives")
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(_("objective"), max_length=160)
    why = models.CharField(_("why now"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="objectives", verbose_name=_("owner")
    )
    serves = models.ForeignKey(KeyDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="objectives")
    state = models.CharField(max_length=10, choices=ObjectiveState, default=ObjectiveState.CANDIDATE)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["slot", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(slot__gte=1, slot__lte=SLOTS), name="objective_slot_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(state="active", slot__isnull=False) | (~Q(state="active") & Q(slot__isnull=True)),
                name="objective_active_has_slot",
            ),
            models.UniqueConstraint(
                fields=["cycle", "team", "slot"],
                condition=Q(slot__isnull=False),
                nulls_distinct=False,
                name="objective_slot_once",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="objective_has_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("okr:objective", args=[self.pk])
