"""Somebody with a browser: goes to pages, keeps what went wrong, and can say what the page shows."""

import re
from pathlib import Path
from typing import Any

from django_tenants.utils import tenant_context
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from members.models import User
from tests.browser.firms import Firm
from tests.cast import FirmClient

# Chromium reports these answers as errors; here they are how the product speaks (a form again, a refusal).
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (422|403)")
LOUD = "[role=alert], .toast.error, .field.wrong, .errorlist, .banner.bad, #missing, pre.exception_value"
WANTED = "fields => fields.map(field => `${field.name}: ${field.validationMessage}`)"


class Visitor:
    """One person's browser context with one page. `firm` is None for a visitor of the bare host."""

    def __init__(self, browser: Browser, firm: Firm | None, port: int, **options: Any) -> None:
        self.firm, self.port = firm, port
        locale = {"fa": "fa-IR", "en": "en-US"}[firm.language if firm else options.pop("language", "fa")]
        self.context: BrowserContext = browser.new_context(locale=locale, timezone_id="UTC", **options)
        self.context.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self.answered)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.match(message.text):
            self.complaints.append(f"console at {self.page.url}: {message.text}")

    def answered(self, response: Response) -> None:
        if response.status >= 500 or response.status == 404:
            self.complaints.append(f"{response.status} for {response.request.method} {response.url}")

    def be(self, user: User) -> "Visitor":
        """Is logged in from here on, without the log-in page."""
        assert self.firm is not None
        client = FirmClient(HTTP_HOST=self.firm.host)
        with tenant_context(self.firm.tenant):
            client.force_login(user)
        session = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "domain": self.firm.host, "path": "/"}])
        return self

    def url(self, path: str) -> str:
        return self.firm.url(path) if self.firm else f"http://localhost:{self.port}{path}"

    def go(self, path: str, status: int = 200) -> Page:
        answer = self.page.goto(self.url(path))
        assert answer is not None
        assert answer.status == status, f"{answer.status} for {self.page.url}\n{self.report()}"
        return self.page

    def report(self, picture: Path | None = None) -> str:
        """The address, what the page complains of, and what the console said; optionally with a picture of it."""
        lines = [f"address: {self.page.url}", f"title: {self.page.title()}"]
        lines += [
            f"shown: {' '.join(text.split())}" for text in self.page.locator(LOUD).all_inner_texts() if text.strip()
        ]
        lines += [f"the browser wants: {text}" for text in self.page.locator(":user-invalid").evaluate_all(WANTED)]
        lines += [f"heading: {text}" for text in self.page.locator("h1").all_inner_texts()]
        lines += self.complaints
        if picture:
            picture.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=picture, full_page=True)
            lines.append(f"picture: {picture}")
        return "\n".join(lines)
