import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

from tests.look.stage import Stage

Open = Callable[..., Stage]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would take a plain query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def stage(browser: Browser) -> Iterator[Open]:
    """`stage("fa", "dark", 390)`: a page of that language, theme and width."""
    contexts = []

    def opened(language: str = "fa", theme: str = "light", width: int = 1360) -> Stage:
        phone = width < 600
        context = browser.new_context(viewport={"width": width, "height": 844}, has_touch=phone, is_mobile=phone)
        contexts.append(context)
        return Stage(context.new_page(), language, theme)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(project.BASE_DIR) / "tests" / "browser" / "axe.min.js").read_text("utf-8")


@pytest.fixture(autouse=True)
def addresses_of_the_frame(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.look.urls"
