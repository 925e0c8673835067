"""Addresses of pages. Reversing one costs as much as ten rows of a list, and a page has a hundred of them: each pattern
is reversed once, with numbers that stand out, and filled in from then on."""

from functools import lru_cache
from itertools import zip_longest

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# Places of the numbers, told apart by their last digits.
_MARK = 987_654_300


def address(view: str, *numbers: int) -> str:
    """As `reverse(view, args=numbers)`, for views whose arguments are whole numbers (or that have none)."""
    parts = _parts(view, len(numbers), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return "".join(f"{text}{number}" for text, number in zip_longest(parts, numbers, fillvalue=""))


@lru_cache(maxsize=1024)
def _parts(view: str, count: int, urls: str, _prefix: str) -> tuple[str, ...]:
    """The texts around the numbers. Raises NoReverseMatch."""
    marks = [_MARK + place for place in range(count)]
    rest, parts = reverse(view, urlconf=urls, args=marks), []
    for mark in marks:
        text, found, rest = rest.partition(str(mark))
        assert found, f"{view} does not write its numbers in their order"
        parts.append(text)
    return (*parts, rest)
