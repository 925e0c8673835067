from charter.models import KeyDecision
from crm.models import FieldRule


def serve_the_new_one(old: KeyDecision, new: KeyDecision) -> None:
    """Fields that were asked for a replaced key decision are asked for its successor."""
    FieldRule.objects.filter(serves=old).update(serves=new)
