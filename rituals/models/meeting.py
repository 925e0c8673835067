from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rituals.models.ritual import Ritual


class MeetingState(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    PREPARING = "preparing", _("Agenda ready")
    RUNNING = "running", _("Running")
    WRAP_UP = "wrap_up", _("Wrapping up")
    CLOSED = "closed", _("Closed")
    SKIPPED = "skipped", _("Skipped")

    @classmethod
    def live(cls) -> tuple["MeetingState", ...]:
        return (cls.SCHEDULED, cls.PREPARING, cls.RUNNING, cls.WRAP_UP)

    @classmethod
    def before(cls) -> tuple["MeetingState", ...]:
        return (cls.SCHEDULED, cls.PREPARING)

    @classmethod
    def during(cls) -> tuple["MeetingState", ...]:
        """Outcomes may be recorded."""
        return (cls.RUNNING, cls.WRAP_UP)


class NoDecisionCode(models.TextChoices):
    NOTHING_NEEDED = "nothing_needed", _("Nothing needed deciding")
    MISSING_DATA = "missing_data", _("Data was missing")
    MISSING_DECIDER = "missing_decider", _("The decider was absent")
    OUT_OF_TIME = "out_of_time", _("We ran out of time")
    OTHER = "other", _("Another reason")


class Meeting(models.Model):
    """One occurrence of a ritual. Its state changes only through `rituals.services.meeting`, leaving a MeetingEvent.

    Missed and overdue are derived from `starts_at`. `as_of` is when the agenda's facts were frozen, `current_since`
    when the current item was opened. `version` grows with every write to the meeting or its items.
    """

    ritual = models.ForeignKey(Ritual, on_delete=models.PROTECT, related_name="meetings")
    original_day = models.DateField()
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.SCHEDULED)
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meetings_led")
    as_of = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    no_decision_code = models.CharField(max_length=16, choices=NoDecisionCode, blank=True)
    no_decision_reason = models.CharField(max_length=300, blank=True)
    skipped_because = models.CharField(max_length=300, blank=True)
    current_item = models.ForeignKey(
        "rituals.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    current_since = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["ritual", "original_day"], name="meeting_once_a_day"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, started_at__isnull=False),
                name="meeting_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(skipped_because=""), name="meeting_skipped_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(no_decision_code="") | ~Q(no_decision_reason=""), name="meeting_no_decision_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="meeting_state_starts")]

    def __str__(self) -> str:
        return f"{self.ritual} {self.original_day}"

    def get_absolute_url(self) -> str:
        return reverse("rituals:meeting", args=[self.pk])

    @property
    def planned_end(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.ritual.minutes)

    @property
    def is_before(self) -> bool:
        return self.state in MeetingState.before()

    @property
    def is_during(self) -> bool:
        return self.state in MeetingState.during()

    def is_missed(self, now: datetime) -> bool:
        """Never started, and a day has gone by since it should have ended. It may still be held late."""
        return self.is_before and now > self.planned_end + timedelta(days=1)


class MeetingEvent(models.Model):
    """Append-only: who moved the meeting from which state to which, when and why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=10, choices=MeetingState, blank=True)
    to_state = models.CharField(max_length=10, choices=MeetingState)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Attendance(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.present}"
