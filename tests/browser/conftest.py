"""The browser in which staff work, for the journeys through the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect, sync_playwright

from tests.browser.admin import CHROMIUM

PATIENCE = 30_000


@pytest.fixture
def browser_page(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[BrowserPage]:
    """A page of the admin; the test's module says in ``SCREENSHOTS`` where its screens are kept."""
    # Playwright's loop runs in this thread; Django takes any loop for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    screenshots = request.module.SCREENSHOTS
    screenshots.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--headless"])
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, base_url=live_server.url)
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        page.broken = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.broken.append(str(error)))  # type: ignore[attr-defined]
        yield page
        page.screenshot(path=screenshots / "last.png")
        browser.close()
        assert not page.broken, page.broken  # type: ignore[attr-defined]
