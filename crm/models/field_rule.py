from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import KeyDecision
from crm.models.stage import Stage

BUDGET = 7


class Entity(models.TextChoices):
    LEAD = "lead", _("Lead")
    CUSTOMER = "customer", _("Customer")
    OPPORTUNITY = "opportunity", _("Deal")


class Asking(models.TextChoices):
    """How hard a field is asked. A field without a rule is optional."""

    ASKED = "asked", _("asked, and scored")
    NEEDED = "needed", _("needed to enter the stage")


class FieldRule(models.Model):
    """A field that is asked (and so scored) because it serves a key decision.

    `asked` counts from `from_stage` on, or everywhere without one. `needed` counts everywhere and also guards: a deal
    enters `from_stage` or a later open or won one only with it. Losing is never guarded.
    """

    entity = models.CharField(max_length=12, choices=Entity)
    field = models.CharField(max_length=40)
    mode = models.CharField(max_length=6, choices=Asking, default=Asking.ASKED)
    from_stage = models.ForeignKey(Stage, on_delete=models.CASCADE, null=True, blank=True, related_name="field_rules")
    serves = models.ForeignKey(KeyDecision, on_delete=models.PROTECT, related_name="field_rules")
    slot = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["entity", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "field"], name="field_rule_once"),
            models.UniqueConstraint(fields=["entity", "slot"], name="field_rule_slot_once"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=BUDGET), name="field_rule_budget"),
            models.CheckConstraint(
                condition=~Q(mode="needed") | Q(entity="opportunity", from_stage__isnull=False),
                name="field_rule_needed_from_a_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity}.{self.field}"
