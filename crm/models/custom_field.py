from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from charter.models import KeyDecision
from crm.models.field_rule import Entity
from tenants import clock

CUSTOM_SLOTS = 5
MOST_REASONS = 8


class CustomKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    MONEY = "money", pgettext_lazy("kind of field", "Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")


class CustomField(models.Model):
    """A field of the firm's own: at most five live ones per entity, each for a key decision.

    `key` never changes: it names the value in `record.custom`, in field rules and in files (`custom.<key>`).
    A retired field has no slot; its values stay.
    """

    entity = models.CharField(max_length=12, choices=Entity)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    key = models.SlugField(max_length=24)
    label = models.CharField(_("label"), max_length=60)
    kind = models.CharField(_("kind"), max_length=6, choices=CustomKind)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    serves = models.ForeignKey(KeyDecision, on_delete=models.PROTECT, related_name="custom_fields")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["entity", "slot", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "slot"], name="custom_field_slot_once"),
            models.UniqueConstraint(fields=["entity", "key"], name="custom_field_key_once"),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(slot__gte=1, slot__lte=CUSTOM_SLOTS), name="custom_field_five"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="custom_field_has_label"),
            models.CheckConstraint(
                condition=~Q(kind="choice") | ~Q(choices=[]), name="custom_field_choice_has_choices"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """How rules, forms, filters and files call it."""
        return f"custom.{self.key}"


class MarkKind(models.TextChoices):
    USELESS = "useless", _("of no use")
    UNCLEAR = "unclear", _("unclear")
    SLOW = "slow", _("takes too long")


class FieldMark(models.Model):
    """What a user thinks of a field, said from the form itself. One of a kind per user and field."""

    entity = models.CharField(max_length=12, choices=Entity)
    field = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=MarkKind)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["entity", "field", "kind", "by"], name="field_mark_once")]

    def __str__(self) -> str:
        return f"{self.entity}.{self.field}: {self.kind}"


class FormChange(models.Model):
    """Append-only: a change of what is asked, why, and the users' marks behind it ({kind: count})."""

    entity = models.CharField(max_length=12, choices=Entity)
    field = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    what = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    marks = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="form_change_has_reason")]

    def __str__(self) -> str:
        return f"{self.label}: {self.what}"


class FieldReading(models.Model):
    """When a decision or an agenda last read a field."""

    entity = models.CharField(max_length=12, choices=Entity)
    field = models.CharField(max_length=40)
    read_at = models.DateTimeField()
    reader = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "field"], name="field_reading_once")]

    def __str__(self) -> str:
        return f"{self.entity}.{self.field}"


class LostReason(models.Model):
    """The short list that a lost deal is explained with. A retired one has no position; deals keep its words."""

    name = models.CharField(_("reason"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="lost_reason_has_name"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=MOST_REASONS), name="lost_reason_eight"),
        ]

    def __str__(self) -> str:
        return self.name
