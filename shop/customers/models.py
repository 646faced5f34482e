from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower

from shop.core import clock
from shop.customers.addresses import LABELS, MAX_LENGTHS, PostalAddress


class CustomerGroup(models.Model):
    """Customers who share prices and promotions, for example trade customers."""

    name = models.CharField(max_length=100, unique=True, help_text="For example: Trade customers")
    slug = models.SlugField(
        unique=True,
        help_text="Short name for price lists and imports, for example: trade. Keep it once it is in use.",
    )

    class Meta:
        ordering = ["name"]
        verbose_name = "customer group"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes people and finds them by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        # Both sides folded by the database, so that the unique index on Lower(email) answers.
        return self.alias(folded_email=Lower("email")).get(folded_email=Lower(Value(username or "")))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """
        Create a person who logs in by e-mail; without a password they cannot log in.

        :raises ValueError: without an e-mail address
        """
        if not email or "@" not in email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator, who may do everything."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A person: shopper, merchandiser or administrator. E-mail addresses are unique whatever their case."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        "e-mail address",
        max_length=254,
        unique=True,
        error_messages={"unique": "Somebody with this e-mail address is registered already."},
    )
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    group = models.ForeignKey(
        CustomerGroup,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="customers",
        verbose_name="customer group",
        help_text="Decides which group prices apply. Empty for ordinary customers.",
    )
    is_active = models.BooleanField(
        "active",
        default=True,
        help_text="Untick to lock the person out at once; orders and history stay.",
    )
    is_staff = models.BooleanField(
        "staff", default=False, help_text="May use the staff endpoints of the REST API."
    )
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    auth_version = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="Stands in every token; raising it refuses all earlier tokens of this person at once.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="customers_user_email_unique",
                violation_error_message="Somebody with this e-mail address is registered already.",
            ),
        ]
        indexes = [models.Index(fields=["-date_joined"], name="customers_user_joined")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        super().clean()
        self.email = User.objects.normalize_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Django keeps the raw password until the save that stores a new one, and forgets it when it only
        # upgrades a hash at log-in: exactly the difference between a changed password and an unchanged one.
        raw_password: str | None = self._password  # type: ignore[attr-defined]  # the stubs leave it out
        if raw_password is not None and not self._state.adding:
            self.auth_version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "auth_version"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email


class PostalAddressFields(models.Model):
    """The columns of a postal address, for every table that holds one."""

    first_name = models.CharField(LABELS["first_name"], max_length=MAX_LENGTHS["first_name"])
    last_name = models.CharField(LABELS["last_name"], max_length=MAX_LENGTHS["last_name"])
    company = models.CharField(LABELS["company"], max_length=MAX_LENGTHS["company"], blank=True)
    line1 = models.CharField(LABELS["line1"], max_length=MAX_LENGTHS["line1"])
    line2 = models.CharField(LABELS["line2"], max_length=MAX_LENGTHS["line2"], blank=True)
    city = models.CharField(LABELS["city"], max_length=MAX_LENGTHS["city"], blank=True)
    postal_code = models.CharField(LABELS["postal_code"], max_length=MAX_LENGTHS["postal_code"], blank=True)
    region = models.CharField(LABELS["region"], max_length=MAX_LENGTHS["region"], blank=True)
    country = models.CharField(LABELS["country"], max_length=MAX_LENGTHS["country"])
    phone = models.CharField(LABELS["phone"], max_length=MAX_LENGTHS["phone"], blank=True)

    class Meta:
        abstract = True

    def as_postal_address(self) -> PostalAddress:
        return PostalAddress(**{name: getattr(self, name) for name in MAX_LENGTHS})

    def set_postal_address(self, address: PostalAddress) -> None:
        """Copy a value into the columns; saving is the caller's."""
        for name in MAX_LENGTHS:
            setattr(self, name, getattr(address, name))


class Address(PostalAddressFields):
    """An entry of a person's address book. At most one is the default for shipping, and one for billing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    is_default_shipping = models.BooleanField(default=False)
    is_default_billing = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default_shipping=True), name="customers_one_default_shipping"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default_billing=True), name="customers_one_default_billing"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.as_postal_address().lines())


class TokenFamily(models.Model):
    """
    One log-in: the refresh tokens that follow one another from it. Only the newest is good; an older one
    presented again means that it was stolen, and ends the family.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_families")
    auth_version = models.PositiveIntegerField()
    current_jti = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "token families"

    def __str__(self) -> str:
        return str(self.id)


class LogInGuard(models.Model):
    """
    Counts the log-in attempts on one address, or from one network, in the running window. It lives in the
    database and not in the cache, so that a flushed cache opens no door.
    """

    key = models.CharField(
        max_length=64, primary_key=True, help_text="SHA-256; no address is kept in the clear."
    )
    attempts = models.PositiveIntegerField(default=0)
    window_ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "log-in guard"

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.attempts}"


class NewsletterSubscription(models.Model):
    """
    That somebody asked for the newsletter, confirmed it by the link sent to them, or left it.

    The times are the proof of consent that Regulation (EU) 2016/679, art. 7(1) asks for.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Asked, not confirmed"
        SUBSCRIBED = "subscribed", "Subscribed"
        LEFT = "left", "Left"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = "newsletter subscription"
        constraints = [models.UniqueConstraint(Lower("email"), name="customers_newsletter_unique_email")]

    def __str__(self) -> str:
        return self.email
