from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.core.fields import CurrencyField


@register_setting(icon="cog", order=100)
class ShopSettings(BaseSiteSetting):
    """What holds for the whole shop; read it with ``selectors.get_shop_settings()``."""

    class TaxRounding(models.TextChoices):
        LINE = "line", "Line by line"
        RATE_GROUP = "rate_group", "Once per tax rate"

    shop_name = models.CharField(
        "shop name",
        max_length=100,
        default="Nexus",
        help_text="Shown in e-mails and page titles, e.g. Nordlicht.",
    )
    order_prefix = models.CharField(
        "order number prefix",
        max_length=8,
        default="NX",
        validators=[RegexValidator(r"\A[A-Z0-9]+\Z", "Use capital letters and digits only, such as NX.")],
        help_text="Order numbers begin with it: NX gives NX-7K3F-92QD. Orders already placed keep theirs.",
    )
    default_currency = CurrencyField(
        "currency", default="EUR", help_text="Three capital letters, e.g. EUR. Carts start in this currency."
    )
    default_country = models.CharField(
        "country",
        max_length=2,
        default="DE",
        validators=[
            RegexValidator(r"\A[A-Z]{2}\Z", "Enter the two capital letters of a country, such as DE.")
        ],
        help_text="Two capital letters, e.g. DE. Taxes are shown for it until the shopper gives an address.",
    )
    prices_include_tax = models.BooleanField(
        "prices include tax", default=True, help_text="Whether shoppers see prices with tax, as in the EU."
    )
    tax_rounding = models.CharField(
        "tax is rounded",
        max_length=12,
        choices=TaxRounding,
        default=TaxRounding.LINE,
        help_text="Ask your accountant. Line by line is usual in shops, once per rate on business invoices.",
    )
    reservation_minutes = models.PositiveIntegerField(
        "minutes to pay",
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(60 * 24 * 30)],
        help_text="How long an unpaid order holds its stock, e.g. 60. Then the goods are on sale again.",
    )
    guest_checkout = models.BooleanField(
        "guests may order", default=True, help_text="Untick it to ask every shopper to sign in first."
    )
    sender_email = models.EmailField(
        "sender of e-mails",
        blank=True,
        default="",
        help_text="e.g. orders@example.com. Empty: the address that the server was set up with.",
    )
    manual_payment_instructions = models.TextField(
        "how to pay by bank transfer",
        blank=True,
        default="Please transfer the total within 7 days and give the order number as reference.",
        help_text="Shown on the order page and in the confirmation e-mail, with bank, IBAN and deadline.",
    )

    panels = [
        FieldPanel("shop_name"),
        MultiFieldPanel(
            [FieldPanel("default_currency"), FieldPanel("default_country"), FieldPanel("order_prefix")],
            heading="Selling",
        ),
        MultiFieldPanel([FieldPanel("prices_include_tax"), FieldPanel("tax_rounding")], heading="Tax"),
        MultiFieldPanel(
            [
                FieldPanel("guest_checkout"),
                FieldPanel("reservation_minutes"),
                FieldPanel("manual_payment_instructions"),
            ],
            heading="Checkout",
        ),
        FieldPanel("sender_email"),
    ]

    class Meta:
        verbose_name = "shop"
        verbose_name_plural = "shop settings"

    def __str__(self) -> str:
        return self.shop_name
