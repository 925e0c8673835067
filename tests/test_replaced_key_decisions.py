"""What serves a key decision goes on for the one that replaces it; what is history keeps the old name."""

import pytest

from charter.services import key_decision
from members.models import User
from okr.models import ObjectiveState
from tests.factories.charter import make_key_decision
from tests.factories.okr import make_objective
from tests.factories.rituals import make_decision, make_ritual

pytestmark = pytest.mark.django_db


def test_meetings_and_live_objectives_follow_and_history_does_not(nader: User) -> None:
    old = make_key_decision(nader)
    ritual, taken = make_ritual(serves=old), make_decision(nader, serves=old)
    live, closed = make_objective(nader, slot=1, serves=old), make_objective(nader, serves=old)
    closed.state = ObjectiveState.CLOSED
    closed.save(update_fields=["state"])
    new = key_decision.replace(old, name="تمدیدها", sentence="کدام قراردادها تمدید می‌شود؟", owner=nader)
    for row in (ritual, live, closed, taken):
        row.refresh_from_db()
    assert (ritual.serves, live.serves) == (new, new)
    assert (closed.serves_id, taken.serves_id) == (old.pk, old.pk)
