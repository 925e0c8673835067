"""Serves the style guide to a browser without a server or a database: each request is answered by the view itself."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page, Request, Route

from config.styleguide import styleguide, styleguide_move
from l10n import current
from l10n.views import calendar, parse_date
from members.models import Role, User
from tenants.models import Tenant

HOST = "http://look.test"
STATIC = Path(settings.BASE_DIR) / "static"
POLICY = "; ".join(
    f"{name} {' '.join(sources)}" for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)
Answer = Callable[[HttpRequest], HttpResponse]


class Stage:
    """One browser page that sees the style guide in a language and theme, and keeps what the console complained of."""

    def __init__(self, page: Page, language: str, theme: str) -> None:
        self.page, self.language, self.theme = page, language, theme
        self.complaints: list[str] = []
        self.moves: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self.answer)

    def open(self, name: str) -> Page:
        self.page.goto(f"{HOST}/styleguide/{name}/")
        return self.page

    def answer(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith(settings.STATIC_URL):
            file = STATIC / path.removeprefix(settings.STATIC_URL)
            return route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        response = self.respond(path, request)
        return route.fulfill(
            status=response.status_code,
            body=response.content,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        )

    def respond(self, path: str, request: Request) -> HttpResponse:
        made = RequestFactory().generic(
            request.method,
            request.url,
            request.post_data_buffer or b"",
            content_type=request.headers.get("content-type", "text/plain"),
        )
        made.user = User(name="Sara Rezaei", email="sara@look.test", role=Role.ADMIN, theme=self.theme)
        made.tenant = Tenant(name="Alborz", schema_name="look")  # type: ignore[attr-defined]
        formats = current.PERSIAN if self.language == "fa" else current.DEFAULT
        with current.using(formats), translation.override(self.language):
            if path == "/styleguide/move/":
                self.moves.append(f"{made.POST['stage']} at version {made.POST['version']}")
            return self.view(path)(made)

    def view(self, path: str) -> Answer:
        fixed: dict[str, Answer] = {
            "/styleguide/move/": styleguide_move,
            "/l10n/calendar/": calendar,
            "/l10n/parse-date/": parse_date,
        }
        if path in fixed:
            return fixed[path]
        page = path.strip("/").split("/")[-1]
        return lambda request: styleguide(request, page if page in PAGES else "options")


PAGES: Any = ("parts", "today", "meeting", "board")
