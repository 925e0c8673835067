"""Who may manage tokens and web forms. Tokens are personal: another's is not found, whoever asks."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from api.models import Token, WebForm
from members.models import User


def tokens(user: User) -> QuerySet[Token]:
    return Token.objects.filter(user=user)


def token_for_change(user: User, pk: int) -> Token:
    return get_object_or_404(tokens(user), pk=pk, revoked_at=None)


def web_form_for_change(_user: User, pk: int) -> WebForm:
    """The views let in admins only."""
    return get_object_or_404(WebForm, pk=pk)


def open_web_form(key: str) -> WebForm:
    return get_object_or_404(WebForm, key=key, is_open=True)
