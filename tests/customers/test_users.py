from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from shop.core import clock
from shop.customers.models import LogInGuard, TokenFamily, User
from shop.customers.services import (
    TooManyAttempts,
    authenticate_customer,
    forget_ended_sessions,
    open_session,
)
from tests.factories.customers import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_case() -> None:
    UserFactory(email="ada@example.com")

    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="ADA@example.com")
    with pytest.raises(ValidationError, match="registered already"):
        User(email="Ada@Example.com", password="x").full_clean()


def test_a_user_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("")


def test_administrators_may_do_everything() -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)

    assert root.is_staff
    assert root.has_perm("anything.at_all")


def test_a_new_password_raises_the_version_of_tokens() -> None:
    ada = UserFactory()

    ada.set_password("a completely new one")
    ada.save(update_fields=["password"])

    assert User.objects.get().auth_version == ada.auth_version == 2


def test_saving_anything_else_leaves_the_version() -> None:
    ada = UserFactory()

    ada.first_name = "Augusta"
    ada.save()

    assert User.objects.get().auth_version == 1


def test_a_hash_upgraded_at_log_in_is_no_new_password(settings: Settings) -> None:
    hashers = "django.contrib.auth.hashers"
    settings.PASSWORD_HASHERS = [f"{hashers}.MD5PasswordHasher", f"{hashers}.PBKDF2PasswordHasher"]
    ada = UserFactory()
    User.objects.filter(pk=ada.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))

    with_preferred_hash = authenticate(email=ada.email, password=PASSWORD)

    assert with_preferred_hash == ada
    assert User.objects.get().password.startswith("md5$")
    assert User.objects.get().auth_version == 1


def test_many_networks_together_are_stopped_too() -> None:
    ada, now = UserFactory(), clock.now()
    LogInGuard.objects.all().delete()
    for network in range(50):
        with pytest.raises(Exception, match="wrong"):
            authenticate_customer(email=ada.email, password="wrong", network=str(network), at=now)

    with pytest.raises(TooManyAttempts):
        authenticate_customer(email=ada.email, password=PASSWORD, network="another", at=now)


def test_ended_sessions_are_forgotten_and_living_ones_kept() -> None:
    ada, now = UserFactory(), clock.now()
    open_session(user=ada, lifetime=timedelta(days=1), at=now - timedelta(days=40))
    living = open_session(user=ada, lifetime=timedelta(days=14), at=now)

    assert forget_ended_sessions(at=now) == 1

    assert list(TokenFamily.objects.values_list("pk", flat=True)) == [living.family_id]
