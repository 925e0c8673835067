"""What other rooms do when records go into the bin. A room registers its part in `AppConfig.ready()`.

A hook gets the ids by kind and the day, inside the transaction of the binning.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from crm.models import RecordKind

Ids = Mapping[RecordKind, Sequence[int]]
Hook = Callable[[Ids, date], object]
_hooks: list[Hook] = []


def register(hook: Hook) -> Hook:
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def run(ids: Ids, today: date) -> None:
    for hook in _hooks:
        hook(ids, today)
