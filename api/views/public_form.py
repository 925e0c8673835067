"""The page that visitors of a firm's website fill in, and the same for the website's own form as JSON.

Nobody is logged in here and no cookie is looked at, so there is nothing that another site could forge: instead of a
CSRF token stand a trap, a least time and a limit for each address.
"""

import json
from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from api import access
from api.forms import AnswerForm, PageAnswerForm
from api.models import WebForm
from api.problems import Invalid, Problem, document, error
from api.services import web_form as service
from tenants.context import writing
from tenants.http import TenantRequest
from tenants.limits import too_many
from tenants.marks import open_to_all
from tenants.middleware import chosen_language

AN_HOUR = timedelta(hours=1)
BY_HAND_AN_HOUR, BY_PROGRAM_AN_HOUR = 20, 300
LONGEST_JSON = 20_000


@open_to_all("visitors of a firm's website are no members")
@csrf_exempt
def public_form(request: TenantRequest, key: str) -> HttpResponse:
    web_form = access.open_web_form(key)
    formats = request.tenant.formats(language=chosen_language(request) or web_form.language)
    with writing(formats):
        if request.method == "OPTIONS":
            return _for_its_sites(request, web_form, HttpResponse(status=204))
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponse(status=405, headers={"Allow": "GET, POST, OPTIONS"})
        by_program = request.content_type == "application/json"
        answer = _json if by_program else _page
        response = answer(request, web_form)
        response.headers["Content-Language"] = formats.language
        return _for_its_sites(request, web_form, response)


def _page(request: TenantRequest, web_form: WebForm) -> HttpResponse:
    if "done" in request.GET:
        return render(request, "api/public_form.html", {"web_form": web_form, "done": True})
    form = PageAnswerForm(request.POST if request.method == "POST" else None, consent=web_form.consent)
    if not form.is_bound:
        return _shown(request, web_form, form, 200)
    if too_many(request, "web-form", limit=BY_HAND_AN_HOUR, window=AN_HOUR):
        return render(request, "429.html", status=429)
    if not form.is_trapped:
        if not form.is_valid():
            return _shown(request, web_form, form, 422)
        service.take_in(web_form, answer=form.cleaned_data)
    return redirect(f"{web_form.get_absolute_url()}?done=1")


def _shown(request: TenantRequest, web_form: WebForm, form: AnswerForm, status: int) -> HttpResponse:
    return render(request, "api/public_form.html", {"web_form": web_form, "form": form}, status=status)


def _json(request: TenantRequest, web_form: WebForm) -> HttpResponse:
    if too_many(request, "web-form-json", limit=BY_PROGRAM_AN_HOUR, window=AN_HOUR):
        return document(Problem(429, "too-often", _("That was a bit too often. Please wait a minute.")))
    origin = request.headers.get("Origin", "")
    if origin and origin not in web_form.sites:
        return document(Problem(403, "site", _("This website is not named in the form.")))
    answer = _read(request)
    if answer is None:
        return document(Problem(400, "unreadable", _("We cannot read this request.")))
    form = AnswerForm(answer, consent=web_form.consent)
    if not form.is_trapped:
        if not form.is_valid():
            return document(Invalid([error(name, " ".join(map(str, texts))) for name, texts in form.errors.items()]))
        service.take_in(web_form, answer=form.cleaned_data)
    return JsonResponse({"thanks": web_form.thanks}, status=201, json_dumps_params={"ensure_ascii": False})


def _read(request: TenantRequest) -> dict[str, Any] | None:
    """The object that was sent, its values as text; None for anything else."""
    try:
        found = json.loads(request.body) if len(request.body) <= LONGEST_JSON else None
    except (ValueError, RequestDataTooBig, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {name: value if isinstance(value, str | bool) else "" for name, value in found.items()}


def _for_its_sites(request: TenantRequest, web_form: WebForm, response: HttpResponse) -> HttpResponse:
    """Lets the sites of the form show it in a frame and post to it, and nobody else."""
    if not web_form.sites:
        return response
    response._csp_replace = {"frame-ancestors": ["'self'", *web_form.sites]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    origin = request.headers.get("Origin", "")
    response.headers["Vary"] = "Origin"
    if origin in web_form.sites:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "POST"
    return response
