from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import NextStep, Opportunity
from okr.models import KeyResult
from rituals.models.agenda import AgendaItem
from rituals.models.decision import Decision
from rituals.models.meeting import Meeting


class ActionState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Cause(models.TextChoices):
    """Why a key result is off; merged from Hoshin review practice."""

    TARGET = "target", _("The target was set wrongly")
    MEASURE = "measure", _("The measure is wrong")
    DEPENDENCY = "dependency", _("We waited for others")
    CAPACITY = "capacity", _("Not enough hands")
    PRIORITY = "priority", _("Priorities shifted")
    EXTERNAL = "external", _("The market or the law changed")
    EXECUTION = "execution", _("We did it badly")
    DATA = "data", _("The data was wrong")
    NO_OWNER = "no_owner", _("Nobody owned it")
    UNKNOWN = "unknown", _("Unknown, still looking into it")


class ActionItem(models.Model):
    """A promise: who does what by when. One row however often it is carried; each meeting adds an ActionAppearance."""

    text = models.CharField(_("action"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions", verbose_name=_("owner")
    )
    due_on = models.DateField(_("by"))
    original_due_on = models.DateField()
    slips = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.OPEN)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, null=True, blank=True, related_name="actions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    key_result = models.ForeignKey(KeyResult, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    next_step = models.OneToOneField(NextStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="action")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dropped_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="action_has_text"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="action_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(dropped_because=""), name="action_dropped_because"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(state="open"), name="action_open_of_owner"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """As far as this row knows; a ticked next step may have settled it already (`rituals.queries.still_open`)."""
        return self.state == ActionState.OPEN


class ActionAnswer(models.TextChoices):
    DONE = "done", _("Done")
    STILL_OPEN = "still_open", _("Still open")
    DROPPED = "dropped", _("Dropped")


class ActionAppearance(models.Model):
    """An action shown in a meeting, and what its owner said there. Carry count = rows answered *still open*."""

    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="appearances")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="appearances")
    due_then = models.DateField()
    answer = models.CharField(max_length=12, choices=ActionAnswer, blank=True)
    new_due_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_then", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "meeting"], name="appearance_once"),
            models.CheckConstraint(
                condition=~Q(answer="still_open") | (~Q(reason="") & Q(new_due_on__isnull=False)),
                name="appearance_still_open_says_why",
            ),
            models.CheckConstraint(condition=~Q(answer="dropped") | ~Q(reason=""), name="appearance_dropped_because"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.answer}"

    @property
    def was_answered_in_the_meeting(self) -> bool:
        """Or else it came with its answer, because the promise was settled before."""
        started = self.meeting.started_at
        return bool(self.answer and started and self.answered_at and self.answered_at >= started)
