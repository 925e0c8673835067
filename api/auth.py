"""Tokens are the only way in: no cookie is looked at, so there is nothing for another site to forge."""

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from api.models import Scope, Token
from api.problems import Problem
from api.services import token as tokens
from crm import access
from l10n import current
from members.http import MemberRequest
from tenants import clock
from tenants.limits import over, too_many
from tenants.models import Language

A_MINUTE = timedelta(minutes=1)
REQUESTS_A_MINUTE = 300
WRONG_TOKENS_A_MINUTE = 30


class ApiRequest(MemberRequest):
    """A request whose token was good: `user` is the token's owner."""

    token: Token


class TokenAuth(HttpBearer):
    """`Authorization: Bearer tsm_…`"""

    def __call__(self, request: HttpRequest) -> Any | None:
        _speak(cast(ApiRequest, request))
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        found = tokens.find(token, now=clock.now())
        if found is None:
            if too_many(request, "api-token", limit=WRONG_TOKENS_A_MINUTE, window=A_MINUTE):
                raise _too_often()
            return None
        if over(f"api:{found.pk}", limit=REQUESTS_A_MINUTE, window=A_MINUTE):
            raise _too_often()
        mine = cast(ApiRequest, request)
        mine.user, mine.token = found.user, found
        _speak(mine, language=mine.user.language, calendar=mine.user.calendar)
        return found


def asking(request: HttpRequest) -> ApiRequest:
    """The request as the token made it."""
    return cast(ApiRequest, request)


def check_writes(request: HttpRequest) -> ApiRequest:
    """The same; raises for a token that only reads, and for those who only read anyway."""
    asked = asking(request)
    if asked.token.scope != Scope.WRITE:
        raise Problem(403, "scope", _("This token only reads."))
    access.writer(asked.user)
    return asked


def _speak(request: ApiRequest, *, language: str = "", calendar: str = "") -> None:
    """In the language the program asks for, else its owner's. The middleware closes what is opened here."""
    asked = request.headers.get("Accept-Language", "")[:2].lower()
    formats = request.tenant.formats(language=asked if asked in Language.values else language, calendar=calendar)
    current.activate(formats)
    translation.activate(formats.language)


def _too_often() -> Problem:
    return Problem(429, "too-often", _("That was a bit too often. Please wait a minute."))
