from charter.models import KeyDecision
from rituals.models import Ritual


def serve_the_new_one(old: KeyDecision, new: KeyDecision) -> None:
    """Meetings held for a replaced key decision are held for its successor. Decisions taken keep what they served."""
    Ritual.objects.filter(serves=old).update(serves=new)
