from okr.models.check_in import CheckIn
from okr.models.cycle import Cycle, CycleState
from okr.models.key_result import Direction, KeyResult
from okr.models.objective import Objective, ObjectiveState

__all__ = ["CheckIn", "Cycle", "CycleState", "Direction", "KeyResult", "Objective", "ObjectiveState"]
