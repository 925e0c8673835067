"""A program with a token, as the tests of this room call us."""

from dataclasses import dataclass
from typing import Any

from api.models import Scope
from api.services import token as tokens
from members.models import User
from tenants import clock
from tests.cast import FirmClient


@dataclass
class Caller:
    client: FirmClient
    secret: str
    language: str = "en"

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any) -> Any:
        return self._send("post", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._send("patch", path, body)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}

    def _send(self, method: str, path: str, body: Any) -> Any:
        return getattr(self.client, method)(
            f"/api/v1/{path}", body, content_type="application/json", headers=self.headers
        )


def caller(user: User, scope: Scope = Scope.WRITE, host: str = "acme.localhost") -> Caller:
    """The client keeps no session: it is the token that lets it in."""
    _token, secret = tokens.issue(by=user, name="test", scope=scope, now=clock.now())
    return Caller(FirmClient(HTTP_HOST=host), secret)
