"""The browser in which staff work, for the journeys through the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as BrowserPage

from tests.browser.admin import CHROMIUM

PATIENCE = 30_000


# One browser for all journeys that a worker makes in a row (tests/conftest.py puts them side by side).
# It goes before the tests of other folders come: its loop would be in the way of asynchronous code.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django takes any loop for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--headless"])
        yield browser
        browser.close()


@pytest.fixture
def browser_page(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[BrowserPage]:
    """A page of the admin; the test's module says in ``SCREENSHOTS`` where its screens are kept."""
    screenshots = request.module.SCREENSHOTS
    screenshots.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, base_url=live_server.url)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.broken = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.broken.append(str(error)))  # type: ignore[attr-defined]
    yield page
    page.screenshot(path=screenshots / "last.png")
    context.close()
    assert not page.broken, page.broken  # type: ignore[attr-defined]
