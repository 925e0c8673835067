"""Personal tokens: made once, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from api.models import Scope, Token
from members.models import User

PREFIX = "tsm_"
HINT = 10
# How exact "last used" is; a write for each request would cost more than the request.
NOTED_EVERY = timedelta(minutes=5)


def issue(*, by: User, name: str, scope: Scope, now: datetime) -> tuple[Token, str]:
    """A new token of `by`, and the secret itself, which nobody can read again later."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=by, name=name, scope=scope, hint=secret[:HINT], digest=digest_of(secret), created_at=now
    )
    return token, secret


def find(secret: str, *, now: datetime) -> Token | None:
    """The token that is in force, with its user; notes its use. None for revoked ones and people who have left."""
    live = Token.objects.filter(digest=digest_of(secret), revoked_at=None, user__is_active=True)
    token = live.select_related("user__team").first()
    if token and (token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def revoke(token: Token, *, now: datetime) -> None:
    """Ends a token at once; an ended one keeps its day."""
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
