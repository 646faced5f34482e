import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.core import clock
from shop.core.models import OutboxEvent
from tests.factories.core import recorded
from tests.factories.customers import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registry")]


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def parked() -> OutboxEvent:
    event = recorded("order.placed", key="order:NX-1")
    event.parked_at, event.attempts, event.last_error = clock.now(), 5, "SMTPServerDisconnected: <gone>"
    event.save()
    return event


def test_ops_see_what_is_parked_with_its_error_and_start_it_again(admin: Client) -> None:
    event = parked()

    listing = admin.get("/admin/deliveries/").content.decode()
    assert "order:NX-1" in listing
    assert "SMTPServerDisconnected: &lt;gone&gt;" in listing
    assert f'action="/admin/deliveries/{event.pk}/replay/"' in listing
    answer = admin.post(f"/admin/deliveries/{event.pk}/replay/", follow=True).content.decode()

    event.refresh_from_db()
    assert event.state == OutboxEvent.State.OPEN
    assert "It will be tried again" in answer
    again = admin.post(f"/admin/deliveries/{event.pk}/replay/", follow=True).content.decode()
    assert "not parked any more" in again


def test_what_is_done_is_listed_only_when_asked_for(admin: Client) -> None:
    done = recorded("order.placed", key="order:NX-2")
    OutboxEvent.objects.filter(pk=done.pk).update(done_at=clock.now())

    assert "order:NX-2" not in admin.get("/admin/deliveries/").content.decode()
    assert "order:NX-2" in admin.get("/admin/deliveries/?state=done").content.decode()
    assert "order:NX-2" not in admin.get("/admin/deliveries/?state=parked").content.decode()


def test_an_empty_report_says_so(admin: Client) -> None:
    assert "Nothing waits" in admin.get("/admin/deliveries/").content.decode()


def test_starting_again_needs_the_permission_and_a_post(client: Client, admin: Client) -> None:
    event = parked()
    assert admin.get(f"/admin/deliveries/{event.pk}/replay/").status_code == 405

    client.force_login(UserFactory(is_staff=True))
    assert client.post(f"/admin/deliveries/{event.pk}/replay/").status_code in {302, 403}

    event.refresh_from_db()
    assert event.state == OutboxEvent.State.PARKED


def test_who_may_only_look_sees_no_button(client: Client) -> None:
    event = parked()
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["view_outboxevent", "access_admin"]))
    client.force_login(reader)

    listing = client.get("/admin/deliveries/").content.decode()

    assert "order:NX-1" in listing
    assert f"/admin/deliveries/{event.pk}/replay/" not in listing
    assert "Deliveries" in client.get("/admin/").content.decode()
