from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.binned import Binned
from crm.models.customer import Customer
from l10n.fields import SearchField, SortKeyField
from tenants import clock


class Contact(Binned):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("position"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    decides = models.BooleanField(_("decides on buying"), default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    imported_in = models.ForeignKey(
        "crm.Batch", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False, db_index=False
    )
    external_id = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = SearchField(sources=("name", "phone", "email"))
    sort_key = SortKeyField(source="name")

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_name"),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="contact_external_id_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="contact_search"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="contact_phone"),
            models.Index(fields=["email"], condition=~Q(email=""), name="contact_email"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="contact_bin"),
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="contact_imported"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.customer.get_absolute_url()
