"""What the API answers when it refuses: RFC 9457 problem documents in the caller's language.

`type` ends in the kind by which a program tells problems apart: `#stage-needs`, `#invalid`, …
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as NinjaValidationError

from crm.errors import AlreadyClosed, IdTaken, ReasonNeeded, StageNeeds, Stale
from crm.fields import catalog
from crm.models import Entity
from crm.services import lost_reason

Error = dict[str, str]


class Problem(Exception):
    """`kind` is for programs, `title` for people; `more` are further members of the document."""

    def __init__(self, status: int, kind: str, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status, self.kind, self.title, self.more = status, kind, title, more


class Invalid(Problem):
    """Values that cannot be read; `errors` name the field and say what is wrong."""

    def __init__(self, errors: Sequence[Error]) -> None:
        super().__init__(422, "invalid", _("Some values cannot be taken."), errors=list(errors))


def error(field: str, message: object) -> Error:
    return {"field": field, "message": str(message)}


def document(problem: Problem) -> HttpResponse:
    kind = f"{reverse('api:docs')}#{problem.kind}"
    body = {"type": kind, "title": str(problem.title), "status": problem.status, **problem.more}
    response = JsonResponse(body, status=problem.status, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/problem+json"
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 429:
        response.headers["Retry-After"] = "60"
    return response


def teach(api: NinjaAPI) -> None:
    """Gives each exception of the services its document."""
    for exception, translate in TRANSLATIONS.items():
        api.add_exception_handler(exception, _handler(translate))


def _handler(translate: Callable[[Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _request, raised: document(translate(raised))


def _stage_needs(raised: StageNeeds) -> Problem:
    missing = [_field(name) for name in raised.missing]
    return Problem(422, "stage-needs", _("This stage needs more about the deal."), missing=missing)


def _field(name: str) -> dict[str, str]:
    info = catalog.field(Entity.OPPORTUNITY, name)
    return {"field": name, "label": str(info.label), "kind": info.kind.value} if info else {"field": name}


def _reason_needed(_raised: ReasonNeeded) -> Problem:
    reasons = [reason.name for reason in lost_reason.listed()]
    missing = [{"field": "lost_reason"}]
    return Problem(422, "reason-needed", _("Why was the deal lost?"), missing=missing, reasons=reasons)


def _stale(raised: Stale) -> Problem:
    version = getattr(raised.record, "version", None)
    return Problem(409, "stale", _("Somebody else has changed this record meanwhile."), version=version)


def _unreadable(raised: NinjaValidationError) -> Problem:
    return Invalid([error(".".join(_place(found["loc"])), _reason(found)) for found in raised.errors])


def _place(location: Sequence[Any]) -> list[str]:
    """Without "body" and the name of the argument, which mean nothing to the caller."""
    names = [str(part) for part in location]
    return names[2:] if len(names) > 2 and names[0] == "body" else names[1:] or names


def _reason(found: Mapping[str, Any]) -> str:
    reasons = {
        "missing": _("This is needed."),
        "extra_forbidden": _("There is no such field."),
        "string_too_long": _("This is too long."),
        "string_too_short": _("This is needed."),
        "json_invalid": _("This is not JSON."),
    }
    return reasons.get(found["type"], _("We cannot read this value."))


def _http_error(raised: HttpError) -> Problem:
    return Problem(raised.status_code, "unreadable", _("We cannot read this request."))


TRANSLATIONS: dict[type[Exception], Any] = {
    Problem: lambda raised: raised,
    AuthenticationError: lambda _raised: Problem(401, "token", _("Please send a valid token.")),
    PermissionDenied: lambda _raised: Problem(403, "forbidden", _("You may read this, but not change it.")),
    Http404: lambda _raised: Problem(404, "not-found", _("There is no such record, or you do not see it.")),
    NinjaValidationError: _unreadable,
    HttpError: _http_error,
    StageNeeds: _stage_needs,
    ReasonNeeded: _reason_needed,
    Stale: _stale,
    AlreadyClosed: lambda _raised: Problem(409, "closed", _("Somebody has closed this already.")),
    IdTaken: lambda _raised: Problem(409, "id-taken", _("Another record has this id.")),
}
