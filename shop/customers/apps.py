from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CustomersConfig(AppConfig):
    """People, their addresses and their log-ins."""

    name = "shop.customers"
    label = "customers"
    verbose_name = "Customers"
    default_auto_field = "django.db.models.BigAutoField"
    # This module holds two configurations; this is the one that "shop.customers" means.
    default = True


class UsersAdminConfig(WagtailUsersAppConfig):
    """Wagtail's own user screens, with the fields of our user."""

    default = False
    user_viewset = "shop.customers.viewsets.UserViewSet"
