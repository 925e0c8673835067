from okr.models.check_in import CheckIn
from okr.models.cycle import Cycle, CycleState
from okr.models.event import ObjectiveEvent
from okr.models.key_result import KEY_RESULTS, Direction, KeyResult
from okr.models.objective import SLOTS, Objective, ObjectiveState

__all__ = [
    "KEY_RESULTS",
    "SLOTS",
    "CheckIn",
    "Cycle",
    "CycleState",
    "Direction",
    "KeyResult",
    "Objective",
    "ObjectiveEvent",
    "ObjectiveState",
]
