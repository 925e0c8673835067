from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.lead import Lead
from crm.models.opportunity import Opportunity


class NextStep(models.Model):
    """What somebody will do next, and by when. Open until done or dropped; overdue is derived from `due_on`."""

    what = models.CharField(_("next step"), max_length=200)
    due_on = models.DateField(_("by"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="next_steps", verbose_name=_("owner")
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="next_steps")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, null=True, related_name="next_steps")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, null=True, related_name="next_steps")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="next_step_has_what"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(lead__isnull=False) | Q(opportunity__isnull=False),
                name="next_step_hangs_on_something",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="next_step_done_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="next_step_done_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="next_step_open_of_owner",
            ),
            models.Index(
                fields=["opportunity", "due_on"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="next_step_open_of_deal",
            ),
            models.Index(fields=["customer"], name="next_step_of_customer"),
            models.Index(fields=["lead"], name="next_step_of_lead"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None
