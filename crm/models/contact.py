from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from l10n.fields import SearchField, SortKeyField
from tenants import clock


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("position"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    decides = models.BooleanField(_("decides on buying"), default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = SearchField(sources=("name", "phone", "email"))
    sort_key = SortKeyField(source="name")

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="contact_has_name")]
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="contact_search")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.customer.get_absolute_url()
