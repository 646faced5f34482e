"""Every route of the REST API, on one screen. Each app's engineer adds its lines under its heading."""

from django.urls import URLPattern, URLResolver, path

from shop.customers.api import views as accounts

urlpatterns: list[URLPattern | URLResolver] = [
    # -- accounts
    path("auth/register/", accounts.RegisterView.as_view()),
    path("auth/token/", accounts.TokenView.as_view()),
    path("auth/token/refresh/", accounts.TokenRefreshView.as_view()),
    path("auth/token/revoke/", accounts.TokenRevokeView.as_view()),
    path("me/", accounts.MeView.as_view()),
    path("me/addresses/", accounts.AddressesView.as_view()),
    path("me/addresses/<uuid:public_id>/", accounts.AddressView.as_view()),
    # -- catalogue
    # -- cart
    # -- checkout and orders
    # -- ops
]
