"""What a browser loads: the first visit with an empty cache, and the same page again."""

from playwright.sync_api import BrowserContext, Response, sync_playwright

from scripts.benchmark.pages import HOST, Server
from scripts.benchmark.visitor import EMAIL, PASSWORD, Tell
from tenants.models import Tenant

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]


def measure(_tenant: Tenant, server: Server, tell: Tell) -> None:
    base = f"http://{HOST}:{server.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{base}/accounts/login/")
        page.fill("input[type=email]", EMAIL)
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_url(f"{base}/")
        fresh = browser.new_context(storage_state=context.storage_state())
        tell("first visit", _visit(fresh, f"{base}/deals/"), "kB", "first_visit")
        tell("later visit", _visit(fresh, f"{base}/deals/"), "kB", "later_visit")
        browser.close()


def _visit(context: BrowserContext, url: str) -> float:
    """Transferred kB (1,000 bytes) of a page and all it loads; what comes from the cache costs nothing."""
    page = context.new_page()
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(url, wait_until="networkidle")
    sizes = [answer.request.sizes() for answer in answers if not answer.from_service_worker]
    page.close()
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) / 1000
