"""What a new firm starts with. A room registers its part in `AppConfig.ready()`, e.g. the stages of the playbook.

A hook gets the tenant with its schema open, its ways of writing active and its first admin in place, inside the one
transaction of the creation: when it raises, no firm is made. Hooks run in the order of registration.
"""

from collections.abc import Callable
from typing import TypeVar

from tenants.models import Tenant

Hook = TypeVar("Hook", bound=Callable[[Tenant], object])
_hooks: list[Callable[[Tenant], object]] = []


def register(hook: Hook) -> Hook:
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def run(tenant: Tenant) -> None:
    for hook in _hooks:
        hook(tenant)
