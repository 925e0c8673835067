"""Counting what visitors and programs may do how often."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_many(request: HttpRequest, action: str, *, limit: int, window: timedelta) -> bool:
    """Counts this request for its address; True once there were more than `limit` within the window."""
    return over(f"{action}:{visitor_address(request)}", limit=limit, window=window)


def over(what: str, *, limit: int, window: timedelta) -> bool:
    """Counts one more of `what`; True once there were more than `limit` within the window."""
    key = f"limit:{what}"
    cache.add(key, 0, int(window.total_seconds()))
    try:
        return cache.incr(key) > limit
    except ValueError:  # the window ended between the two calls
        return False


def visitor_address(request: HttpRequest) -> str:
    """The peer's address; behind our own TLS proxy the last one that it wrote down."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
