"""What one request or task has read already. Outside of both nothing is remembered, so nothing can be stale."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_memo: ContextVar[dict[Hashable, Any] | None] = ContextVar("tenant_memo", default=None)


@contextmanager
def fresh() -> Iterator[None]:
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)


def once(key: Hashable, compute: Callable[[], T]) -> T:
    """`compute()` the first time, its answer again later in the same request or task."""
    memo = _memo.get()
    if memo is None:
        return compute()
    if key not in memo:
        memo[key] = compute()
    answer: T = memo[key]
    return answer


def forget(key: Hashable) -> None:
    """For the service that has just changed what was remembered."""
    if (memo := _memo.get()) is not None:
        memo.pop(key, None)
