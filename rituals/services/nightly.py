from datetime import date

from rituals.services import meeting, schedule
from tenants import clock


def run(today: date) -> None:
    """The night's work: forgotten meetings go to wrap-up, coming ones are made, near ones get their agenda."""
    now = clock.now()
    meeting.end_forgotten(now=now)
    schedule.ensure_upcoming(today=today)
    schedule.prepare_due(now=now)
