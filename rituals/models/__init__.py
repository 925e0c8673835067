from rituals.models.action import ActionAnswer, ActionAppearance, ActionItem, ActionState, Cause
from rituals.models.agenda import AgendaItem, ItemKind, Outcome, Section
from rituals.models.decision import (
    MOST_DELAYS,
    Decision,
    DecisionEvent,
    DecisionKind,
    DecisionNumber,
    DecisionState,
    DecisionStep,
    ReviewState,
    Verdict,
)
from rituals.models.meeting import Attendance, Meeting, MeetingEvent, MeetingState, NoDecisionCode
from rituals.models.minutes import Minutes
from rituals.models.ritual import Ritual, RitualKind

__all__ = [
    "MOST_DELAYS",
    "ActionAnswer",
    "ActionAppearance",
    "ActionItem",
    "ActionState",
    "AgendaItem",
    "Attendance",
    "Cause",
    "Decision",
    "DecisionEvent",
    "DecisionKind",
    "DecisionNumber",
    "DecisionState",
    "DecisionStep",
    "ItemKind",
    "Meeting",
    "MeetingEvent",
    "MeetingState",
    "Minutes",
    "NoDecisionCode",
    "Outcome",
    "ReviewState",
    "Ritual",
    "RitualKind",
    "Section",
    "Verdict",
]
