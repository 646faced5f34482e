"""The storefront's own addresses; every page that merchandisers write is found by Wagtail after these."""

from django.urls import path

from content import views as content
from search import views as search
from shop.cart import views as cart
from shop.checkout import views as checkout
from shop.orders import views as orders

app_name = "storefront"

urlpatterns = [
    path("theme/<slug:version>.css", content.theme, name="theme"),
    path("categories/<slug:slug>/", search.category, name="category"),
    path("collections/<slug:slug>/", search.collection, name="collection"),
    path("products/<str:slug>/", search.product, name="product"),
    path("search/", search.search, name="search"),
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add, name="cart-add"),
    path("cart/lines/<uuid:line_id>/", cart.change_line, name="cart-line"),
    path("checkout/", checkout.address, name="checkout"),
    path("checkout/delivery/", checkout.delivery, name="checkout-delivery"),
    path("checkout/payment/", checkout.payment, name="checkout-payment"),
    path("orders/find/", orders.find, name="order-find"),
    path("orders/<str:number>/", orders.order, name="order"),
]
