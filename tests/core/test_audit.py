import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from shop.core.audit import record_audit
from shop.core.models import AuditEntry, IdempotencyKey, ShopSettings
from shop.core.models.append_only import RowsAreAppendOnly
from shop.core.request_id import request_id_set
from shop.core.selectors import get_shop_settings
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_which_thing_and_in_which_request() -> None:
    actor, target = UserFactory(), ShopSettings(pk=7, shop_name="Nordlicht")

    with request_id_set("req-1"):
        entry = record_audit(actor=actor, action="shop.renamed", target=target, changes={"name": ["a", "b"]})

    entry.refresh_from_db()
    assert (entry.actor, entry.action) == (actor, "shop.renamed")
    assert (entry.object_type, entry.object_id, entry.object_label) == ("core.shopsettings", "7", "Nordlicht")
    assert entry.changes == {"name": ["a", "b"]}
    assert entry.request_id == "req-1"


@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_the_system_and_a_guest_are_nobody(actor) -> None:
    entry = record_audit(actor=actor, action="cart.expired", target=ShopSettings(pk=1))

    assert entry.actor is None


def test_an_entry_is_never_changed_nor_deleted() -> None:
    entry = record_audit(actor=None, action="a", target=ShopSettings(pk=1))

    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="b"),
    ):
        with pytest.raises(RowsAreAppendOnly):
            change()
    assert AuditEntry.objects.get().action == "a"


def test_an_administrator_reads_the_trail(client: Client) -> None:
    record_audit(actor=None, action="price.set", target=ShopSettings(pk=1, shop_name="Nordlicht"))
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    listing = client.get("/admin/audit/")

    assert listing.status_code == 200
    assert "price.set" in listing.content.decode()
    assert client.post("/admin/audit/", {"action": "forged"}).status_code == 405


def test_nobody_else_reads_the_trail(client: Client) -> None:
    assert client.get("/admin/audit/").status_code == 302

    client.force_login(UserFactory(is_staff=True))
    assert client.get("/admin/audit/").status_code in {302, 403}


def test_the_shop_has_settings_before_anybody_saved_any(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        settings = get_shop_settings()

    assert (settings.default_currency, settings.tax_rounding, settings.pk) == ("EUR", "line", None)


def test_saved_settings_win(django_assert_num_queries) -> None:
    from wagtail.models import Site

    site = Site.objects.get(is_default_site=True)
    ShopSettings.objects.create(site=site, shop_name="Nordlicht", default_currency="SEK")

    with django_assert_num_queries(1):
        assert get_shop_settings().default_currency == "SEK"


def test_models_tell_what_they_are() -> None:
    assert str(IdempotencyKey(operation="POST /x", state="running")) == "POST /x (running)"
