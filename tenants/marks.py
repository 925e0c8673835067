"""Marks on views that need no log-in. `tests/test_urls.py` fails on a view with neither this nor a role."""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


def open_to_all(reason: str) -> Callable[[View], View]:
    """Marks a view as usable without log-in; the reason is kept as the attribute `open_to_all`."""

    def mark(view: View) -> View:
        view.open_to_all = reason  # type: ignore[attr-defined]
        return view

    return mark
