"""The storefront's own addresses; every page that merchandisers write is found by Wagtail after these."""

from django.urls import path

from content import feeds
from content import views as content
from search import views as search
from shop.cart import currency_views
from shop.cart import views as cart
from shop.checkout import views as checkout
from shop.customers import views as customers
from shop.orders import views as orders

app_name = "storefront"

urlpatterns = [
    path("theme/<slug:version>.css", content.theme, name="theme"),
    path("feeds/journal.xml", feeds.JournalFeed(), name="feed-journal"),
    path("feeds/products.xml", feeds.products, name="feed-products"),
    path("categories/<slug:slug>/", search.category, name="category"),
    path("collections/<slug:slug>/", search.collection, name="collection"),
    path("products/<str:slug>/", search.product, name="product"),
    path("search/", search.search, name="search"),
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add, name="cart-add"),
    path("cart/vouchers/", cart.voucher, name="cart-voucher"),
    path("cart/lines/<uuid:line_id>/", cart.change_line, name="cart-line"),
    path("currency/", currency_views.currency, name="currency"),
    path("checkout/", checkout.address, name="checkout"),
    path("checkout/delivery/", checkout.delivery, name="checkout-delivery"),
    path("checkout/payment/", checkout.payment, name="checkout-payment"),
    path("newsletter/", customers.newsletter, name="newsletter"),
    path("newsletter/confirm/<str:token>/", customers.confirm, name="newsletter-confirm"),
    path("newsletter/leave/<str:token>/", customers.leave, name="newsletter-leave"),
    path("orders/find/", orders.find, name="order-find"),
    path("orders/<str:number>/", orders.order, name="order"),
]
