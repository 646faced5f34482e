from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """What buyers think of products."""

    name = "shop.reviews"
    label = "reviews"
    verbose_name = "Reviews"
    default_auto_field = "django.db.models.BigAutoField"
