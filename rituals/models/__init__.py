from rituals.models.action import ActionAnswer, ActionAppearance, ActionItem, ActionState, Cause
from rituals.models.agenda import AgendaItem, ItemKind, Outcome, Section
from rituals.models.decision import Decision, DecisionKind, DecisionNumber, DecisionState, ReviewState, Verdict
from rituals.models.meeting import Attendance, Meeting, MeetingEvent, MeetingState, NoDecisionCode
from rituals.models.minutes import Minutes
from rituals.models.ritual import Ritual, RitualKind

__all__ = [
    "ActionAnswer",
    "ActionAppearance",
    "ActionItem",
    "ActionState",
    "AgendaItem",
    "Attendance",
    "Cause",
    "Decision",
    "DecisionKind",
    "DecisionNumber",
    "DecisionState",
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
