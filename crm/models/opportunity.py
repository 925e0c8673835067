from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.owned import Owned
from crm.models.stage import Stage
from l10n.fields import MoneyAmountField, SearchField, SortKeyField
from l10n.links import address


class Opportunity(Owned):
    """A deal. Stage, amount, expected close and owner change only through `crm.services.opportunity`.

    `amount` is in the base unit of the tenant's currency (rial for IRR). `stage_since` and `last_interaction_on` are
    days of the tenant's calendar. `closed_on` is set exactly while the stage is won or lost.
    """

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("customer"),
    )
    title = models.CharField(_("title"), max_length=200)
    amount = MoneyAmountField(_("amount"), null=True, blank=True)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("stage"))
    stage_since = models.DateField()
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    is_open = models.BooleanField(default=True)
    closed_on = models.DateField(null=True, blank=True)
    lost_reason = models.CharField(_("reason for losing"), max_length=200, blank=True)
    last_interaction_on = models.DateField(null=True, blank=True)
    snoozed_until = models.DateField(_("rests until"), null=True, blank=True)
    snoozed_because = models.CharField(_("rests because"), max_length=200, blank=True)
    push_count = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(max_length=80, blank=True)
    search = SearchField(sources=("title",))
    sort_key = SortKeyField(source="title")

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name_plural = "opportunities"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="opportunity_has_title"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="opportunity_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, closed_on__isnull=True) | Q(is_open=False, closed_on__isnull=False),
                name="opportunity_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True, snoozed_because="")
                | Q(snoozed_until__isnull=False) & ~Q(snoozed_because=""),
                name="opportunity_snoozed_because",
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="opportunity_external_id_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="opportunity_search"),
            models.Index(fields=["-updated_at", "-id"], name="opportunity_recent"),
            models.Index(fields=["sort_key", "id"], name="opportunity_sorted"),
            models.Index(fields=["amount", "id"], name="opportunity_by_amount"),
            models.Index(fields=["expected_close", "id"], name="opportunity_by_close"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="opportunity_custom"),
            models.Index(fields=["stage", "-updated_at"], name="opportunity_board"),
            # In the order of the board's columns (`pipeline.ordering`), with the amounts that it sums.
            models.Index(
                F("stage"),
                F("expected_close").asc(nulls_last=True),
                F("amount").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(is_open=True, deleted_at__isnull=True),
                name="opportunity_open_column",
            ),
            models.Index(
                fields=["stage", "-closed_on", "-id"],
                include=["amount"],
                condition=Q(is_open=False, deleted_at__isnull=True),
                name="opportunity_closed_column",
            ),
            models.Index(fields=["owner", "-updated_at"], name="opportunity_owner_recent"),
            models.Index(fields=["expected_close"], condition=Q(is_open=True), name="opportunity_open_close"),
            models.Index(fields=["customer"], name="opportunity_of_customer"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="opportunity_bin"),
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="opportunity_imported"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("crm:deal", self.pk)
