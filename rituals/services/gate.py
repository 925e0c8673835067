"""What a meeting still lacks before it may be closed. Reasons are named, so that nothing has to be guessed.

G1 each item that wants a decision has one outcome · G2 the meeting has a decision, or says why not · G3 each promise
of earlier meetings has its answer · G4 each decision and new promise can be followed up · G5 somebody was there · G6 an
OKR review has one or two corrective actions, unless nothing is off track or a reason is given.
"""

from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from l10n import formats
from rituals import queries
from rituals.errors import Missing
from rituals.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    DecisionState,
    ItemKind,
    Meeting,
    Outcome,
    ReviewState,
    RitualKind,
)

REASON_LENGTH = 15
AT_MOST_CORRECTIVES = 2


def missing(meeting: Meeting) -> list[Missing]:
    """Everything that is missing, in the order of the agenda; empty when the meeting may be closed."""
    rules: tuple[Callable[[Meeting], Iterator[Missing]], ...] = (
        _promises,
        _outcomes,
        _decided,
        _followable,
        _attendance,
        _correctives,
    )
    return [line for rule in rules for line in rule(meeting)]


def says_why_no_decision(meeting: Meeting) -> bool:
    return bool(meeting.no_decision_code) and len(meeting.no_decision_reason.strip()) >= REASON_LENGTH


def standing_decisions() -> QuerySet[Decision]:
    return Decision.objects.exclude(state=DecisionState.REVERSED)


def _outcomes(meeting: Meeting) -> Iterator[Missing]:
    """G1"""
    with_decision = Exists(standing_decisions().filter(item=OuterRef("pk")))
    without = Q(outcome="") | Q(outcome=Outcome.DECIDED) & ~Q(with_decision)
    for item in meeting.items.filter(without, needs_decision=True).order_by("position"):
        yield Missing("G1", item, _("“%(item)s” has no outcome yet.") % {"item": item})


def _decided(meeting: Meeting) -> Iterator[Missing]:
    """G2"""
    if not standing_decisions().filter(meeting=meeting).exists() and not says_why_no_decision(meeting):
        text = _("The meeting has no decision. Take one, or say in at least %(count)s letters why there is none.")
        yield Missing("G2", None, text % {"count": formats.num(REASON_LENGTH)})


def _promises(meeting: Meeting) -> Iterator[Missing]:
    """G3"""
    count = queries.unanswered(meeting).count()
    if count:
        text = ngettext(
            "One promise from last time has no answer.", "%(count)s promises from last time have no answer.", count
        )
        item = AgendaItem.objects.filter(meeting=meeting, kind=ItemKind.ACTIONS).first()
        yield Missing("G3", item, text % {"count": formats.num(count)})


def _followable(meeting: Meeting) -> Iterator[Missing]:
    """G4"""
    unclear = Q(expected="", not_measurable_because="") | Q(review_state=ReviewState.NONE) & ~Q(expected="")
    for decision in standing_decisions().filter(unclear, meeting=meeting).select_related("item"):
        yield Missing(
            "G4", decision.item, _("“%(decision)s” has no expectation or no review day.") % {"decision": decision}
        )
    held_on = timezone.localdate(meeting.started_at or meeting.starts_at)
    nobody = Q(owner__is_active=False) | Q(original_due_on__lt=held_on)
    for action in ActionItem.objects.filter(nobody, meeting=meeting).select_related("decision__item"):
        item = action.decision.item if action.decision else None
        yield Missing("G4", item, _("“%(action)s” needs an active owner and a day to come.") % {"action": action})


def _attendance(meeting: Meeting) -> Iterator[Missing]:
    """G5"""
    if not Attendance.objects.filter(meeting=meeting, present=True).exists():
        yield Missing("G5", None, _("Nobody is marked as present."))


def _correctives(meeting: Meeting) -> Iterator[Missing]:
    """G6"""
    if meeting.ritual.kind != RitualKind.OKR:
        return
    found = queries.correctives(meeting)
    for decision in found.exclude(Exists(ActionItem.objects.filter(decision=OuterRef("pk")).exclude(cause=""))):
        yield Missing("G6", decision.item, _("“%(decision)s” does not name its cause.") % {"decision": decision})
    off_track = meeting.items.filter(kind=ItemKind.KEY_RESULT).exists()
    if off_track and not found.exists() and not says_why_no_decision(meeting):
        yield Missing("G6", None, _("Choose one or two corrective actions, or write why none is needed."))
