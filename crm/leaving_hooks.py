from crm.services import handover
from members.models import User


def move_records(*, person: User, taker: User | None, by: User) -> None:
    """The book of somebody who leaves goes to the taker or to the queue, if there is any."""
    if any(rows.exists() for rows in handover.book(person).values()):
        handover.hand_over(giver=person, taker=taker, by=by)
