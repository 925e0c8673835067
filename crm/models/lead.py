from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.opportunity import Opportunity
from crm.models.owned import Owned
from l10n.fields import SearchField, SortKeyField
from l10n.links import address


class LeadStatus(models.TextChoices):
    NEW = "new", _("New")
    CONTACTED = "contacted", _("Contacted")
    CONVERTED = "converted", _("Converted")
    DROPPED = "dropped", _("Dropped")

    @classmethod
    def live(cls) -> tuple["LeadStatus", ...]:
        return (cls.NEW, cls.CONTACTED)


class Lead(Owned):
    """Somebody who may buy. Changes of status go through `crm.services.lead`."""

    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("firm"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    status = models.CharField(max_length=12, choices=LeadStatus, default=LeadStatus.NEW)
    captured_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    # Minutes of the firm's working time from coming in to the first answer, counted when it was given.
    answered_in = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # The deadline that was promised when the lead came in; whether it passed is derived.
    respond_by = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    category = models.ForeignKey(
        "crm.LeadCategory",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("category"),
    )
    dropped_because = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    external_id = models.CharField(max_length=80, blank=True)
    search = SearchField(sources=("name", "company", "phone", "email"))
    sort_key = SortKeyField(source="name")

    class Meta:
        ordering = ["-captured_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="lead_has_name"),
            models.CheckConstraint(
                condition=~Q(status="converted") | Q(customer__isnull=False), name="lead_converted_has_customer"
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="lead_external_id_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="lead_search"),
            models.Index(fields=["status", "-captured_at", "-id"], name="lead_status_recent"),
            models.Index(fields=["-captured_at", "-id"], name="lead_recent"),
            models.Index(fields=["sort_key", "id"], name="lead_sorted"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="lead_custom"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="lead_phone"),
            models.Index(fields=["email"], condition=~Q(email=""), name="lead_email"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="lead_bin"),
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="lead_imported"),
            models.Index(
                fields=["respond_by"],
                condition=Q(status="new", first_response_at__isnull=True, deleted_at__isnull=True),
                name="lead_clock_running",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("crm:lead", self.pk)
