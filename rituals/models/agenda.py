from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Opportunity
from okr.models import KeyResult
from rituals.models.meeting import Meeting, NoDecisionCode


class Section(models.TextChoices):
    ACTIONS = "actions", _("Promises from last time")
    CHANGED = "changed", _("What changed")
    DECIDE = "decide", _("Deals that need a decision")
    KEY_RESULTS = "key_results", _("Key results")
    OTHER = "other", _("Other")


class ItemKind(models.TextChoices):
    ACTIONS = "actions", _("Promises from last time")
    CHANGES = "changes", _("What changed")
    DEAL = "deal", _("Deal")
    KEY_RESULT = "key_result", _("Key result")
    TOPIC = "topic", _("Topic")
    REST = "rest", _("Other stuck deals")

    @classmethod
    def nameless(cls) -> tuple["ItemKind", ...]:
        """Kinds that are called by their kind and stand once in a meeting."""
        return (cls.ACTIONS, cls.CHANGES, cls.REST)


class Outcome(models.TextChoices):
    DECIDED = "decided", _("Decided")
    DEFERRED = "deferred", _("Deferred")
    DELEGATED = "delegated", _("Delegated")
    NO_DECISION = "no_decision", _("No decision")
    SEEN = "seen", _("Seen")


class AgendaItem(models.Model):
    """One point of the agenda. `facts` are frozen at the start of the meeting; `source_key` says what it was made from.

    An item never moves: a deferred one stays, and the next meeting gets a child (`deferred_from`). `times_deferred`
    counts how often that happened before. `facts` are written and read by `rituals.facts` only. `rank` is money ×
    severity in the tenant's base unit, kept so that the order can be explained. `flags` are codes of
    `pipeline.queries.FLAGS`, or the health of a key result.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=12, choices=Section)
    kind = models.CharField(max_length=12, choices=ItemKind)
    title = models.CharField(max_length=200, blank=True)
    source_key = models.CharField(max_length=80)
    needs_decision = models.BooleanField(default=False)
    planned_minutes = models.PositiveSmallIntegerField(default=5)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.SET_NULL, null=True, related_name="agenda_items")
    key_result = models.ForeignKey(KeyResult, on_delete=models.SET_NULL, null=True, related_name="agenda_items")
    flags = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    rank = models.DecimalField(max_digits=26, decimal_places=2, default=0)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    outcome_code = models.CharField(max_length=16, choices=NoDecisionCode, blank=True)
    outcome_reason = models.CharField(max_length=300, blank=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField(null=True, blank=True)
    delegated_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateField(null=True, blank=True)
    deferred_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="deferrals")
    times_deferred = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "source_key"], name="agenda_item_source_once"),
            models.CheckConstraint(
                condition=~Q(outcome="delegated") | Q(delegated_to__isnull=False, until__isnull=False),
                name="agenda_item_delegated_to_and_until",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["deferred", "no_decision"]) | ~Q(outcome_reason=""),
                name="agenda_item_reason_given",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="no_decision") | ~Q(outcome_code=""), name="agenda_item_no_decision_code"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at__isnull=True, outcome_by__isnull=True)
                | (~Q(outcome="") & Q(outcome_at__isnull=False, outcome_by__isnull=False)),
                name="agenda_item_outcome_at_and_by",
            ),
        ]
        indexes = [models.Index(F("opportunity"), F("meeting"), name="agenda_item_of_deal")]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        return not self.outcome
