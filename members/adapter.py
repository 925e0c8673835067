"""How allauth behaves here: no open sign-up, its own words for its errors, mails by the worker after the commit."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.context import writing


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail and password do not belong together."),
        "enter_current_password": _("Please type your current password."),
        "incorrect_password": _("This is not your current password."),
        "too_many_login_attempts": _("Too many failed attempts. Please try again in a few minutes."),
        "rate_limited": _("Too many requests. Please wait a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Members come by invitation."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("members:profile")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Renders now, in the reader's own language, and leaves the sending to the worker."""
        from members.tasks import send_mail

        tenant, user = self.request.tenant, context.get("user")
        language = user.language if user else ""
        with writing(tenant.formats(language=language)):
            message = self.render_mail(template_prefix, email, {"tenant": tenant, **context})
        send_mail.delay_on_commit(message.subject, message.body, list(message.to))

    def format_email_subject(self, subject: str) -> str:
        return str(subject)
