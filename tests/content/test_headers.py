from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.content import home_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _policy(client: Client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict((directive.strip().partition(" ")[::2]) for directive in header.split(";"))


def test_the_storefront_runs_no_inline_script_and_nobody_elses(client: Client) -> None:
    home_page()

    policy = _policy(client, "/")

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"


@pytest.mark.parametrize("path", ["/", "/search/", "/cart/", "/orders/find/", "/nowhere/"])
def test_pages_keep_what_the_policy_promises(client: Client, path: str) -> None:
    home_page()

    body = client.get(path).content.decode()

    assert not re.search(r"<script(?![^>]*(\bsrc=|application/ld\+json))", body)
    assert not re.search(r"\sstyle=|\son[a-z]+=", body)
    assert not re.search(r'(src|href)="https?://(?!localhost|testserver|127\.0\.0\.1)', body)


def test_the_admin_keeps_its_own_scripts(client: Client) -> None:
    assert "script-src" not in _policy(client, "/admin/login/")
