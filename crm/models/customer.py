from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.owned import Owned
from l10n.fields import SearchField, SortKeyField
from l10n.links import address


class Customer(Owned):
    """A firm or a person that buys. `external_id` is the record's id in the system it was imported from."""

    name = models.CharField(_("name"), max_length=200)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.TextField(_("note"), blank=True)
    service_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="serviced_customers",
        verbose_name=_("service owner"),
    )
    external_id = models.CharField(max_length=80, blank=True)
    search = SearchField(sources=("name", "phone", "email"))
    sort_key = SortKeyField(source="name")

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="customer_external_id_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="customer_search"),
            models.Index(fields=["sort_key", "id"], name="customer_sorted"),
            models.Index(fields=["owner", "sort_key"], name="customer_owner_sorted"),
            models.Index(fields=["-updated_at", "-id"], name="customer_recent"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="customer_custom"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_phone"),
            models.Index(fields=["email"], condition=~Q(email=""), name="customer_email"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="customer_bin"),
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="customer_imported"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("crm:customer", self.pk)
