"""Every route of the REST API, on one screen. Each app's engineer adds its lines under its heading."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    # -- accounts
    # -- catalogue
    # -- cart
    # -- checkout and orders
    # -- ops
]
