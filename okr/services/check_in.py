from datetime import date
from decimal import Decimal

from members.models import User
from okr.errors import WrongState
from okr.models import CheckIn, KeyResult, ObjectiveState
from tenants import clock


def record(
    *,
    key_result: KeyResult,
    day: date,
    value: Decimal,
    confidence: int,
    by: User,
    note: str = "",
    guard_holds: bool = True,
) -> CheckIn:
    """Writes down the value of a day and how sure the owner is (1 to 10). A second one on the day corrects the first.

    Raises WrongState when the objective is closed.
    """
    if key_result.objective.state == ObjectiveState.CLOSED:
        raise WrongState
    values = {
        "value": value,
        "confidence": confidence,
        "note": note,
        "guard_holds": guard_holds,
        "by": by,
        "at": clock.now(),
    }
    check_in, _created = CheckIn.objects.update_or_create(key_result=key_result, day=day, defaults=values)
    return check_in
