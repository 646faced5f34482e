from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, from placed to delivered."""

    name = "shop.orders"
    label = "orders"
    verbose_name = "Orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell what was ever sold, who has ordered before, and what publishing a product means for orders."""
        from shop.catalogue.sold import register_sold_check
        from shop.orders import impact, promotion_replay  # noqa: F401 - the job registers itself
        from shop.orders.selectors import find_ordered_variants, is_first_order
        from shop.promotions.facts import register_first_order

        register_first_order(is_first_order)
        register_sold_check(find_ordered_variants)
        impact.register()
