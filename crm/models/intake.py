from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.contact import Contact
from crm.models.customer import Customer
from crm.models.lead import Lead
from crm.models.opportunity import Opportunity
from tenants import clock


class Assignment(models.TextChoices):
    NOBODY = "nobody", _("to the queue, for anyone to take")
    ROTATION = "rotation", _("in turn")
    LOAD = "load", _("to whom has the fewest open ones")


class Breach(models.TextChoices):
    TELL = "tell", _("tell the manager")
    NEXT = "next", _("give it to the next person and tell the manager")


class LeadCategory(models.Model):
    """How leads of some sources are answered: how fast, by whom. The one without sources takes all others.

    `respond_within` is in minutes of working time.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)
    sources = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    respond_within = models.PositiveIntegerField(_("answer within"), default=120)
    assignment = models.CharField(_("goes"), max_length=8, choices=Assignment, default=Assignment.NOBODY)
    on_breach = models.CharField(_("when late"), max_length=4, choices=Breach, default=Breach.TELL)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="lead_categories")
    last_given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="lead_category_has_name"),
            models.CheckConstraint(condition=Q(respond_within__gte=1), name="lead_category_some_minutes"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="lead_category_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Conversion(models.Model):
    """What a conversion made and moved, so that it can be taken back for a day."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="conversions")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    old_status = models.CharField(max_length=12)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    made_customer = models.BooleanField()
    made_contact = models.BooleanField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(undone_at__isnull=True), name="conversion_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead} → {self.opportunity}"
