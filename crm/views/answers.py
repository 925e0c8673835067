"""The answers that views of this room give."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from members.http import MemberRequest


def go(request: MemberRequest, to: Any, message: str = "") -> HttpResponse:
    """Done: on to a page (an object or URL), with a word about it."""
    if message:
        messages.success(request, message)
    url = resolve_url(to)
    if request.htmx:
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def back(request: MemberRequest, otherwise: Any) -> str:
    """The page that the form says it was opened on, if it is one of ours."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return resolve_url(otherwise)


def page(
    request: MemberRequest, template: str, context: dict[str, Any], *, form: BaseForm | None = None
) -> HttpResponse:
    """A page or fragment; 422 when its form has errors."""
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def typed(request: MemberRequest) -> Any:
    """What a form is bound to: the POST, or nothing."""
    return request.POST if request.method == "POST" else None
