"""How a key result stands. Progress looks back, confidence looks ahead; neither is ever mixed into the other.

The health of a key result on a day, the first that fits:

| health     | when |
|------------|------|
| `pending`  | nobody has checked in yet |
| `outdated` | the last check-in is more than `OUTDATED_AFTER` days old (after the cycle: it was so at its end) |
| `off`      | progress is below half of what the day of the check-in expects, or confidence is 3 or less |
| `at_risk`  | progress is below 80 % of that, or confidence is 5 or less, or the guard does not hold |
| `on_track` | else: there is a fresh number, it is where it should be, and nothing got worse on the way |

No data is never green, and a broken guard is never green, whatever the number says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from okr.models import CheckIn, Cycle, CycleState, KeyResult, Objective, ObjectiveState

Health = Literal["pending", "outdated", "off", "at_risk", "on_track"]
# Worst first. What nobody looked at stands after what is known to be bad, and before what is fine.
HEALTHS: tuple[Health, ...] = ("off", "at_risk", "outdated", "pending", "on_track")

# A weekly rhythm and three days of grace.
OUTDATED_AFTER = 10
OFF_SHARE, RISK_SHARE = Decimal("0.5"), Decimal("0.8")
OFF_CONFIDENCE, RISK_CONFIDENCE = 3, 5
NONE, ALL = Decimal(0), Decimal(1)

LABELS: dict[Health, StrOrPromise] = {
    "off": _("Off track"),
    "at_risk": _("At risk"),
    "outdated": _("The number is old"),
    "pending": _("No number yet"),
    "on_track": _("On track"),
}
# What docs/design.md calls the tones of a tag and of a meter.
TAG_TONES: dict[Health, str] = {"off": "bad", "at_risk": "wait", "outdated": "", "pending": "", "on_track": "ok"}
METER_TONES: dict[Health, str] = {**TAG_TONES, "at_risk": "fair", "outdated": "act", "pending": "act"}


@dataclass(frozen=True)
class Standing:
    """One key result on one day. `progress` and `expected` are shares from 0 to 1; what was never reported is None."""

    key_result: KeyResult
    health: Health
    expected: Decimal
    progress: Decimal | None = None
    value: Decimal | None = None
    confidence: int | None = None
    guard_holds: bool | None = None
    checked_on: date | None = None
    note: str = ""

    @property
    def label(self) -> StrOrPromise:
        return LABELS[self.health]

    @property
    def tag_tone(self) -> str:
        return TAG_TONES[self.health]

    @property
    def meter_tone(self) -> str:
        return METER_TONES[self.health]


def active_cycle() -> Cycle | None:
    return Cycle.objects.filter(state=CycleState.ACTIVE).first()


def active_objectives() -> QuerySet[Objective]:
    """Those that hold a slot in the running cycle."""
    return Objective.objects.filter(state=ObjectiveState.ACTIVE, cycle__state=CycleState.ACTIVE)


def with_latest_check_in(key_results: QuerySet[KeyResult]) -> QuerySet[KeyResult]:
    """Adds `latest_day`, `_value`, `_confidence`, `_guard_holds` and `_note`: null without a check-in."""
    latest = CheckIn.objects.filter(key_result=OuterRef("pk")).order_by("-day")
    names = ("day", "value", "confidence", "guard_holds", "note")
    return key_results.annotate(**{f"latest_{name}": Subquery(latest.values(name)[:1]) for name in names})


def standings(key_results: QuerySet[KeyResult], today: date) -> list[Standing]:
    """How each stands, in the order of the query set; one query."""
    rows = with_latest_check_in(key_results).select_related("objective__cycle", "objective__team", "owner")
    return [standing(row, today) for row in rows]


def standing(key_result: KeyResult, today: date) -> Standing:
    """Reads the latest check-in from the annotations of `with_latest_check_in`, or with one query without them."""
    latest = _latest(key_result)
    expected = expected_fraction(key_result.objective.cycle, today)
    if latest is None:
        return Standing(key_result, "pending", expected)
    return Standing(
        key_result,
        _health(key_result, latest, today),
        expected,
        progress=progress(key_result, latest.value),
        value=latest.value,
        confidence=latest.confidence,
        guard_holds=latest.guard_holds,
        checked_on=latest.day,
        note=latest.note,
    )


def health(key_result: KeyResult, today: date) -> Health:
    return standing(key_result, today).health


def off_track_key_results(today: date) -> list[Standing]:
    """What an OKR review has to talk about: key results of the active objectives that are not on track, worst first.

    Within a health the firm's come before the teams', then the order of the page.
    """
    rows = KeyResult.objects.filter(objective__in=active_objectives()).order_by(
        "objective__team_id", "objective__slot", "position"
    )
    found = [row for row in standings(rows, today) if row.health != "on_track"]
    return sorted(found, key=lambda row: (HEALTHS.index(row.health), row.key_result.objective.team_id is not None))


def weakest(healths: Iterable[Health]) -> Health:
    """An objective is as healthy as its weakest key result; without any it is pending."""
    return min(healths, key=HEALTHS.index, default="pending")


def progress(key_result: KeyResult, value: Decimal) -> Decimal:
    """The share of the way from baseline to target, from 0 to 1. The same formula for rising and falling results."""
    way = key_result.target - key_result.baseline
    return min(ALL, max(NONE, (value - key_result.baseline) / way))


def expected_fraction(cycle: Cycle, today: date) -> Decimal:
    """The share of the cycle's days that have passed by the evening of `today`, from 0 to 1."""
    days = (cycle.ends_on - cycle.starts_on).days + 1
    passed = (today - cycle.starts_on).days + 1
    return min(ALL, max(NONE, Decimal(passed) / days))


def _latest(key_result: KeyResult) -> CheckIn | None:
    row: Any = key_result
    if not hasattr(row, "latest_day"):
        return key_result.check_ins.order_by("-day").first()
    if row.latest_day is None:
        return None
    return CheckIn(
        key_result=key_result,
        day=row.latest_day,
        value=row.latest_value,
        confidence=row.latest_confidence,
        guard_holds=row.latest_guard_holds,
        note=row.latest_note,
    )


def _health(key_result: KeyResult, latest: CheckIn, today: date) -> Health:
    cycle = key_result.objective.cycle
    if (min(today, cycle.ends_on) - latest.day).days > OUTDATED_AFTER:
        return "outdated"
    done, expected = progress(key_result, latest.value), expected_fraction(cycle, latest.day)
    if done < OFF_SHARE * expected or latest.confidence <= OFF_CONFIDENCE:
        return "off"
    if done < RISK_SHARE * expected or latest.confidence <= RISK_CONFIDENCE or not latest.guard_holds:
        return "at_risk"
    return "on_track"
