from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.models import KeyDecision
from crm.models import Opportunity
from l10n.fields import SearchField
from okr.models import KeyResult
from rituals.models.agenda import AgendaItem
from rituals.models.meeting import Meeting

# "Cannot tell yet" moves a review at most this often.
MOST_DELAYS = 2


class DecisionKind(models.TextChoices):
    NEW_PLAN = "new_plan", _("New plan")
    HELP = "help", _("Manager's help")
    CHANGE_OWNER = "change_owner", _("Change owner")
    CHANGE_FORECAST = "change_forecast", _("Change forecast")
    DROP = "drop", _("Drop")
    CORRECTIVE = "corrective", _("Corrective action")
    OTHER = "other", _("Other")

    @classmethod
    def for_deal(cls) -> tuple["DecisionKind", ...]:
        return (cls.NEW_PLAN, cls.HELP, cls.CHANGE_OWNER, cls.CHANGE_FORECAST, cls.DROP)


class DecisionState(models.TextChoices):
    DECIDED = "decided", _("Decided")
    SUPERSEDED = "superseded", _("Superseded")
    REVERSED = "reversed", _("Reversed")


class ReviewState(models.TextChoices):
    NONE = "none", _("No review")
    SCHEDULED = "scheduled", _("Review planned")
    REVIEWED = "reviewed", _("Reviewed")
    WAIVED = "waived", _("Review waived")


class Verdict(models.TextChoices):
    BETTER = "better", _("Better than expected")
    AS_EXPECTED = "as_expected", _("As expected")
    WORSE = "worse", _("Did not work")
    CANNOT_TELL = "cannot_tell", _("Cannot tell")


class DecisionNumber(models.Model):
    """The last number given in a year of the tenant's calendar; locked while one is drawn, so none is given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}-{self.last:03}"


class Decision(models.Model):
    """What was decided, on what evidence, what was expected, and later what happened.

    `evidence` is a list of {label, value} as seen when deciding. Due and overdue reviews are derived from `review_on`.
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=DecisionKind)
    state = models.CharField(max_length=12, choices=DecisionState, default=DecisionState.DECIDED)
    text = models.CharField(_("decision"), max_length=300)
    why = models.CharField(_("why"), max_length=300, blank=True)
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions_made", verbose_name=_("decider")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions_owned", verbose_name=_("owner")
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    expected = models.CharField(_("what we expect"), max_length=300, blank=True)
    not_measurable_because = models.CharField(max_length=300, blank=True)
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    serves = models.ForeignKey(KeyDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    key_result = models.ForeignKey(
        KeyResult, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    evidence = models.JSONField(default=list)
    applied = models.JSONField(default=dict)
    state_reason = models.CharField(max_length=300, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    review_state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.NONE)
    review_on = models.DateField(null=True, blank=True)
    happened = models.CharField(_("what happened"), max_length=300, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    lesson = models.CharField(_("lesson"), max_length=300, blank=True)
    review_delays = models.PositiveSmallIntegerField(default=0)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    search = SearchField(sources=("text", "expected", "happened"))

    class Meta:
        ordering = ["-decided_on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="decision_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="decision_has_text"),
            models.CheckConstraint(
                condition=~Q(expected="") | ~Q(not_measurable_because=""), name="decision_expects_or_says_why_not"
            ),
            models.CheckConstraint(
                condition=Q(review_state="none") | Q(review_on__isnull=False) | Q(review_state="waived"),
                name="decision_review_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(review_state="reviewed")
                | (~Q(happened="") & ~Q(verdict="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
                name="decision_reviewed_says_what",
            ),
            models.CheckConstraint(condition=Q(review_delays__lte=MOST_DELAYS), name="decision_review_delayed_twice"),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False), name="decision_superseded_by"
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | ~Q(state_reason=""), name="decision_reversed_because"
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_on", "-number"], name="decision_recent"),
            models.Index(fields=["review_on"], condition=Q(review_state="scheduled"), name="decision_review_due"),
            models.Index(fields=["opportunity"], name="decision_of_deal"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("rituals:decision", args=[self.pk])

    @property
    def code(self) -> str:
        return f"{self.year}-{self.number:03}"

    @property
    def awaits_review(self) -> bool:
        return self.review_state == ReviewState.SCHEDULED

    def is_due(self, today: date) -> bool:
        return self.awaits_review and self.review_on is not None and self.review_on <= today


class DecisionStep(models.TextChoices):
    REVIEWED = "reviewed", _("Reviewed")
    DELAYED = "delayed", _("Review moved")
    WAIVED = "waived", _("Review waived")
    REVERSED = "reversed", _("Reversed")
    SUPERSEDED = "superseded", _("Superseded")


class DecisionEvent(models.Model):
    """Append-only: what happened to a decision after it was taken."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=12, choices=DecisionStep)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.step
