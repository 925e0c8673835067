"""How allauth behaves here: no open sign-up, mails by the worker after the commit."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Renders now, in the reader's language, and hands the sending to the worker."""
        from members.tasks import send_mail

        message = self.render_mail(template_prefix, email, {"request": self.request, **context})
        transaction.on_commit(lambda: send_mail.delay(message.subject, message.body, list(message.to)))
