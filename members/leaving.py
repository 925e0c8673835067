"""What becomes of the work of somebody who leaves. A room registers its part in `AppConfig.ready()`.

A hook gets the person, who takes the work over (None: it waits in a queue) and who decided it, inside the transaction
that ends the person's access.
"""

from typing import Protocol

from members.models import User


class Hook(Protocol):
    def __call__(self, *, person: User, taker: User | None, by: User) -> object: ...


_hooks: list[Hook] = []


def register(hook: Hook) -> Hook:
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def run(*, person: User, taker: User | None, by: User) -> None:
    for hook in _hooks:
        hook(person=person, taker=taker, by=by)
