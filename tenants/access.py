"""Who may use a view. Every view behind the log-in carries one of these marks (rooms import them from members.access).

    @roles(Role.MANAGER, Role.ADMIN)
    def close(request: MemberRequest, pk: int) -> HttpResponse: ...

A visitor without log-in is sent to it (an htmx request as a whole page), a member of another role gets 403.
The mark stays readable as the view's attribute `allowed_roles`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from tenants.http import TenantRequest
from tenants.roles import Role as Role

View = TypeVar("View", bound=Callable[..., HttpResponse])


def roles(*allowed: Role) -> Callable[[View], View]:
    """Lets in members with one of these roles."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: TenantRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            if request.user.role not in allowed:
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        guarded.allowed_roles = frozenset(allowed)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return mark


def everyone(view: View) -> View:
    """Lets in every member."""
    return roles(*Role)(view)


def to_login(request: TenantRequest) -> HttpResponse:
    if request.htmx:
        came_from = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(came_from).url)
    return redirect_to_login(request.get_full_path())
