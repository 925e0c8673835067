from charter.models import KeyDecision
from okr.models import Objective, ObjectiveState


def serve_the_new_one(old: KeyDecision, new: KeyDecision) -> None:
    """Live objectives of a replaced key decision go on for its successor; closed ones stay what they were."""
    Objective.objects.filter(serves=old).exclude(state=ObjectiveState.CLOSED).update(serves=new)
