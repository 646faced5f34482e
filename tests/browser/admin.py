"""What every journey through the admin does: sign in, and look at a screen."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as BrowserPage

from tests.factories.customers import PASSWORD

# Findings in widgets of Wagtail 8.0 that no screen of ours can mend: its tag field has no label for the
# input that its script makes, nor has a rich text inside of a block.
WAGTAILS_OWN = [[".tagit"], ["[data-contentpath] [role=textbox].notranslate"]]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def sign_in(page: BrowserPage, email: str) -> None:
    page.goto("/admin/login/")
    page.locator("[name=username]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def look_at(page: BrowserPage, kept: Path, *, full_page: bool = False) -> None:
    """Keep the screen to be looked at, and ask axe."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=kept, full_page=full_page)
    found = Axe().run(page, context={"exclude": WAGTAILS_OWN}).response["violations"]
    assert not found, [(item["id"], [node["target"] for node in item["nodes"]]) for item in found]
