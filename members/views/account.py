"""allauth's views as we use them: 422 for a form that is wrong, and the demo's buttons on the log-in page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as allauth_views
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from members.models import Role
from tenants.access import everyone
from tenants.http import TenantRequest
from tenants.marks import open_to_all

DEMO_PASSWORD = "tasmim-demo"  # noqa: S105  (printed on the demo's log-in page)
View = Callable[..., HttpResponse]


def unprocessable(view: View) -> View:
    """allauth answers a wrong form with 200; htmx and the house rule want 422."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and form is not None and form.errors:
            response.status_code = 422
        return response

    return wrapped


class LoginView(allauth_views.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_logins": demo_logins(self.request)}


def demo_logins(request: TenantRequest) -> list[dict[str, str]]:
    """The four roles of the demo firm, for buttons that log in with one click. Empty outside of the demo."""
    if not settings.DEMO:
        return []
    host = f"{request.tenant.schema_name}.example"
    return [{"role": str(role.label), "email": f"{role.value}@{host}", "password": DEMO_PASSWORD} for role in Role]


login = open_to_all("the log-in itself")(unprocessable(LoginView.as_view()))
logout = open_to_all("logging out twice is no error")(allauth_views.logout)
inactive = open_to_all("tells a deactivated member why the log-in fails")(allauth_views.account_inactive)
signup_closed = open_to_all("says that members come by invitation")(allauth_views.signup)
reset_password = open_to_all("who forgot the password has no log-in")(unprocessable(allauth_views.password_reset))
reset_password_done = open_to_all("who forgot the password has no log-in")(allauth_views.password_reset_done)
reset_password_from_key = open_to_all("the mailed key stands for the log-in")(
    unprocessable(allauth_views.password_reset_from_key)
)
reset_password_from_key_done = open_to_all("the way back to the log-in")(allauth_views.password_reset_from_key_done)
change_password = everyone(unprocessable(allauth_views.password_change))
