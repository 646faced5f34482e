"""
Every address of the admin, opened by everybody.

Which role may open what stands in ``RULES``; an address that no rule knows fails the test, so that no
screen comes to the admin without somebody having said whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from content.roles import ROLES
from tests.admin.addresses import Address, list_addresses
from tests.admin.samples import Samples
from tests.factories.customers import StaffFactory

pytestmark = pytest.mark.django_db

ANYBODY = frozenset({"nobody", *(role.name for role in ROLES)})
STAFF = frozenset(role.name for role in ROLES)
EDITORS = frozenset({"Merchandiser", "Approver"})
APPROVER = frozenset({"Approver"})
OPS = frozenset({"Ops"})
SERVICE = frozenset({"Ops", "Support"})
READERS_OF_GOODS = STAFF - {"Support"}
READERS_OF_ORDERS = frozenset({"Ops", "Support", "Analyst"})
ADMINISTRATORS: frozenset[str] = frozenset()

LIST = r"(results/)?$"

# The first that fits counts; routes without "admin/".
RULES: tuple[tuple[str, frozenset[str]], ...] = (
    # Whoever is logged in is led home.
    (r"login/$", frozenset({"nobody"})),
    (r"(jsi18n|sprite)/$|password_reset/", ANYBODY),
    # The home page, one's own account, and what serves the forms of others.
    (r"$|(account|dismissibles|editing-sessions|block-preview|test404|embeds|jobs)/", STAFF),
    # Not served by session: the choosers have addresses of their own.
    (r"api/main/(documents|images)/", ADMINISTRATORS),
    (r"(choose-page|choose-(external|email|phone|anchor)-link|tag-autocomplete|api/main)/", STAFF),
    # Pages. Some of Wagtail's views look who it is only when the form is sent, or lead on to one that looks.
    (r"pages/create/|pages/<page_id>/revisions/$|pages/workflow/confirm_cancellation/", STAFF),
    (r"pages/<page_to_move_id>/move/<destination_id>/confirm/", STAFF),
    (r"pages/<page_id>/(delete|unpublish|privacy|revisions/<revision_id>/unschedule)/", APPROVER),
    (r"pages/<page_to_move_id>/move/$|pages/workflow/", APPROVER),
    # There are no pages with forms of Wagtail's kind.
    (r"forms/submissions/<page_id>/delete/", ADMINISTRATORS),
    (r"(pages|bulk|forms)/", EDITORS),
    (r"reports/site-history/", STAFF),
    (r"reports/locked/", APPROVER),
    (r"reports/", EDITORS),
    (r"redirects/", APPROVER),
    (r"settings/pricing/", ADMINISTRATORS),
    (r"settings/", EDITORS),
    # Pictures and documents: everybody may see what there is to choose from.
    (r"(images|documents)/chooser/(results/|chosen-multiple/)?$", STAFF),
    (r"(images|documents)/", EDITORS),
    # Goods.
    (r"snippets/choose/catalogue/taxclass/create/", ADMINISTRATORS),
    (r"snippets/choose/\w+/\w+/(results/|chosen/<pk>/|chosen-multiple/)?$", STAFF),
    (r"snippets/choose/", EDITORS),
    (r"snippets/$", ADMINISTRATORS),
    (r"snippets/\w+/\w+/workflow/(action|collect_action_data|confirm_cancellation)/", STAFF),
    # Only while it is under review, which the samples are not.
    (r"snippets/\w+/\w+/workflow/preview/", ADMINISTRATORS),
    (r"snippets/\w+/\w+/(unpublish|lock|unlock)/", APPROVER),
    (r"snippets/catalogue/(category|productcollection)/(delete|place|refile)/", APPROVER),
    (rf"snippets/\w+/\w+/{LIST}", READERS_OF_GOODS),
    (r"snippets/catalogue/taxclass/", ADMINISTRATORS),
    (r"snippets/", EDITORS),
    (r"catalogue/products/choose_parent/|catalogue/saved-views/|catalogue/parts/(?!create/|chosen/)", STAFF),
    (r"catalogue/products/<page_id>/variants/", EDITORS | OPS),
    (r"catalogue/(grid/|products/<page_id>/trail/)", READERS_OF_GOODS),
    (r"catalogue/categories/<pk>/move/", APPROVER),
    (r"catalogue/", EDITORS),
    (rf"prices/lists/({LIST}|<pk>/prices/{LIST}|<pk>/planned/|history-of/|why/)", READERS_OF_GOODS),
    (rf"prices/rates/{LIST}", READERS_OF_GOODS),
    (r"prices/lists/delete/", ADMINISTRATORS),
    (r"prices/", EDITORS),
    (rf"promotions/list/{LIST}", STAFF),
    (r"promotions/list/(delete|activation)/", APPROVER),
    (rf"promotions/simulator/|promotions/(vouchers|batches)/{LIST}|promotions/batches/report/", STAFF),
    (r"promotions/(vouchers|batches)/delete/|promotions/batches/(edit|usage)/", ADMINISTRATORS),
    (r"promotions/(vouchers|batches)/", APPROVER | OPS),
    (r"promotions/(list/|rules/words/|dry-run/)", EDITORS),
    # Sent by the editor; asked for otherwise they answer that the method is wrong.
    (r"promotions/(rules|in-words)/", EDITORS),
    (r"reviews/|exports/", READERS_OF_GOODS),
    (r"imports/", EDITORS | OPS),
    # Stock, orders and what belongs to them.
    (rf"stock/(items|movements|warehouses)/{LIST}|stock/items/<pk>/$", STAFF),
    (r"stock/warehouses/delete/", ADMINISTRATORS),
    (r"stock/", OPS),
    (rf"orders/({LIST}|<number>/$)", READERS_OF_ORDERS),
    (r"orders/", OPS),
    (r"mailbox/<pk>/resend/", SERVICE),
    (r"mailbox/", READERS_OF_ORDERS),
    (rf"(tax/rates|shipping/zones|shipping/methods|users)/{LIST}", READERS_OF_ORDERS),
    (r"shipping/", OPS),
    # The shop itself.
    (r"workflows/task_chooser/", STAFF),
    (r"(tax|users|groups|sites|customer-groups|collections|workflows|audit|deliveries)/", ADMINISTRATORS),
)

# Ends the session; raises on purpose to show the page of error 500; answers 404 to all that is left over.
NOT_WALKED = re.compile(r"logout/$|failwhale/$|\.\*/$")


def rule_for(address: Address) -> frozenset[str] | None:
    route = address.route.removeprefix("admin/")
    return next((who for pattern, who in RULES if re.match(pattern, route)), None)


def walked() -> Iterator[Address]:
    return (address for address in list_addresses() if not NOT_WALKED.match(address.route[len("admin/") :]))


def is_refused(response: Any) -> bool:
    """Whether the answer shows nothing: Wagtail leads home, or to the log-in, whoever may not look."""
    if response.status_code in (301, 302):
        home, log_in = reverse("wagtailadmin_home"), reverse("wagtailadmin_login")
        return response["Location"] == home or response["Location"].startswith(log_in)
    return response.status_code in (401, 403)


def shows_nothing(response: Any) -> bool:
    return is_refused(response) or response.status_code in (404, 405)


def test_every_address_has_a_rule() -> None:
    unknown = [address.route for address in walked() if rule_for(address) is None]

    assert unknown == [], "Say in RULES who may open these."


def test_every_address_is_open_to_whom_it_should_be_and_breaks_for_nobody(
    pytestconfig: pytest.Config,
) -> None:
    # Who may is decided without the database: a second run opens each address once, as somebody who may.
    second = pytestconfig.getoption("--second")
    samples = Samples()
    clients = {"nobody": Client(raise_request_exception=False)}
    for role in ROLES:
        clients[role.name] = Client(raise_request_exception=False)
        clients[role.name].force_login(StaffFactory(role=role.name))
    wrong = []

    for address in walked():
        path = address.fill_in(samples.values_of(address))
        allowed = rule_for(address) or frozenset()
        asked = [name for name in clients if name in allowed][-1:] if second else list(clients)
        for name in asked:
            # What one role changes by looking (such as claiming an upload) is undone for the next.
            point = transaction.savepoint()
            response = clients[name].get(path)
            transaction.savepoint_rollback(point)
            may = name in allowed
            if response.status_code >= 500:
                wrong.append(f"{path} breaks for {name}")
            elif may and is_refused(response):
                wrong.append(f"{path} is refused to {name}")
            elif not may and not shows_nothing(response):
                wrong.append(f"{path} is open to {name}: {response.status_code}")

    assert not wrong, "\n".join(wrong)
