"""Rooms above keep things that serve a key decision. When one is replaced, each moves its own to the successor.

A hook gets (old, new) inside the transaction of the replacement. Registered in `AppConfig.ready()`.
"""

from collections.abc import Callable

from charter.models import KeyDecision

Hook = Callable[[KeyDecision, KeyDecision], None]
_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    if hook not in _hooks:
        _hooks.append(hook)


def run(old: KeyDecision, new: KeyDecision) -> None:
    for hook in _hooks:
        hook(old, new)
