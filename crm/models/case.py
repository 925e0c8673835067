from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.contact import Contact
from crm.models.customer import Customer
from crm.models.opportunity import Opportunity
from crm.models.owned import Owned
from l10n.fields import SearchField
from l10n.links import address


class CaseKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    REQUEST = "request", _("Request")


class CaseState(models.TextChoices):
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for the customer")
    DONE = "done", _("Done")


class Case(Owned):
    """A complaint or request of a customer. `satisfaction` is 1 to 5, asked after it is done."""

    kind = models.CharField(_("kind"), max_length=9, choices=CaseKind)
    subject = models.CharField(_("subject"), max_length=200)
    state = models.CharField(_("state"), max_length=7, choices=CaseState, default=CaseState.OPEN)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cases", verbose_name=_("customer"))
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases")
    due_on = models.DateField(_("due"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    search = SearchField(sources=("subject",))

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="case_has_subject"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="done") & Q(done_at__isnull=True),
                name="case_done_has_outcome_and_time",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="case_satisfaction_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__gte=F("opened_at")), name="case_done_afterwards"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="case_search"),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(fields=["owner", "due_on"], condition=~Q(state="done"), name="case_open_of_owner"),
            models.Index(fields=["-opened_at", "-id"], name="case_recent"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="case_bin"),
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="case_imported"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return address("crm:case", self.pk)
