from datetime import date

from crm.bin_hooks import Ids
from crm.models import Entity
from dataquality.models import Issue


def resolve_issues(ids: Ids, today: date) -> None:
    """What lies in the bin needs no fixing. If it comes back, the next night looks at it again."""
    for kind, gone in ids.items():
        if kind.value in Entity.values:
            Issue.objects.filter(resolved_on=None, **{f"{kind.value}__in": gone}).update(resolved_on=today)
