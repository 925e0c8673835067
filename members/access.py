"""Who may use a view. Every view behind the log-in carries one of these marks.

    @roles(Role.MANAGER, Role.ADMIN)
    def close(request: MemberRequest, pk: int) -> HttpResponse: ...

A visitor without log-in is sent to it (an htmx request as a whole page), a member of another role gets 403.
The mark stays readable as the view's attribute `allowed_roles`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from members.http import MemberRequest
from members.models import Role

__all__ = ["Role", "everyone", "roles"]

P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponse]


def roles(*allowed: Role) -> Callable[[View[P]], View[P]]:
    """Lets in members with one of these roles."""

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            if request.user.role not in allowed:
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        guarded.allowed_roles = frozenset(allowed)  # type: ignore[attr-defined]
        return guarded

    return mark


def everyone(view: View[P]) -> View[P]:
    """Lets in every member."""
    return roles(*Role)(view)


def to_login(request: MemberRequest) -> HttpResponse:
    if request.htmx:
        came_from = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(came_from).url)
    return redirect_to_login(request.get_full_path())
