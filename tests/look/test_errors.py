from typing import Any

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults
from django.views.csrf import csrf_failure

from tenants.models import Tenant


def request() -> Any:
    made: Any = RequestFactory().get("/nowhere/")
    made.tenant = Tenant(schema_name="public", name="")
    return made


def test_not_found_speaks_the_language_of_the_page():
    with translation.override("fa"):
        page = defaults.page_not_found(request(), Exception()).content.decode()
    assert '<html lang="fa" dir="rtl"' in page
    assert "<h1>این صفحه وجود ندارد</h1>" in page


def test_forbidden_says_whose_page_it_is():
    with translation.override("en"):
        answer = defaults.permission_denied(request(), Exception())
    assert answer.status_code == 403
    assert "<h1>This is not for your role</h1>" in answer.content.decode()


def test_broken_pages_need_no_context_and_speak_both_languages():
    for status, answer in [
        (500, defaults.server_error(request())),
        (400, defaults.bad_request(request(), Exception())),
        (403, csrf_failure(request())),
    ]:
        page = answer.content.decode()
        assert answer.status_code == status
        assert '<section lang="fa" dir="rtl"><h1>' in page
        assert '<link rel="stylesheet" href="/static/error.css">' in page
        assert "{%" not in page
    assert render_to_string("500.html") == defaults.server_error(request()).content.decode()
