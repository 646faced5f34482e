"""Every route of the REST API, on one screen; each app has a heading of its own."""

from django.urls import URLPattern, URLResolver, path

from search.api import views as catalogue
from shop.cart.api import views as carts
from shop.checkout.api.views import CheckoutView
from shop.customers.api import views as accounts
from shop.inventory.api import views as stock
from shop.orders.api import ops_views as ops_orders
from shop.orders.api import views as orders
from shop.payments.api.views import WebhookView
from shop.reviews.api import views as reviews
from shop.spreadsheets.api import views as spreadsheets

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
    path("products/", catalogue.ProductListView.as_view()),
    path("products/<slug:slug>/", catalogue.ProductDetailView.as_view()),
    path("products/<slug:slug>/reviews/", reviews.ProductReviewsView.as_view()),
    path("categories/", catalogue.CategoryListView.as_view()),
    path("categories/<slug:slug>/", catalogue.CategoryDetailView.as_view()),
    path("collections/", catalogue.CollectionListView.as_view()),
    path("collections/<slug:slug>/", catalogue.CollectionDetailView.as_view()),
    path("search/", catalogue.SearchView.as_view()),
    path("search/suggest/", catalogue.SuggestView.as_view()),
    # -- cart
    path("carts/", carts.CartListView.as_view()),
    path("carts/<uuid:cart_id>/", carts.CartDetailView.as_view()),
    path("carts/<uuid:cart_id>/lines/", carts.CartLinesView.as_view()),
    path("carts/<uuid:cart_id>/lines/<uuid:line_id>/", carts.CartLineView.as_view()),
    path("carts/<uuid:cart_id>/vouchers/", carts.CartVouchersView.as_view()),
    path("carts/<uuid:cart_id>/vouchers/<str:code>/", carts.CartVoucherView.as_view()),
    path("carts/<uuid:cart_id>/shipping-methods/", carts.CartShippingMethodsView.as_view()),
    path("carts/<uuid:cart_id>/claim/", carts.CartClaimView.as_view()),
    # -- checkout and orders
    path("checkout/", CheckoutView.as_view()),
    path("orders/find/", orders.OrderFindView.as_view()),
    path("orders/<str:number>/", orders.OrderDetailView.as_view()),
    path("orders/<str:number>/cancel/", orders.OrderCancelView.as_view()),
    path("orders/<str:number>/tracking/", orders.OrderTrackingView.as_view()),
    path("me/orders/", orders.MyOrdersView.as_view()),
    path("payments/<slug:gateway>/webhook/", WebhookView.as_view()),
    # -- ops
    path("ops/stock/", stock.StockListView.as_view()),
    path("ops/stock/movements/", stock.MovementListView.as_view()),
    path("ops/products/import/", spreadsheets.ImportListView.as_view()),
    path("ops/products/import/<uuid:public_id>/", spreadsheets.ImportDetailView.as_view()),
    path("ops/products/import/<uuid:public_id>/apply/", spreadsheets.ImportApplyView.as_view()),
    path("ops/products/import/<uuid:public_id>/cancel/", spreadsheets.ImportCancelView.as_view()),
    path("ops/products/export/", spreadsheets.ExportView.as_view()),
    path("ops/orders/", ops_orders.OpsOrderListView.as_view()),
    path("ops/orders/<str:number>/", ops_orders.OpsOrderDetailView.as_view()),
    path("ops/orders/<str:number>/fulfilments/", ops_orders.OpsFulfilmentsView.as_view()),
    path("ops/orders/<str:number>/notes/", ops_orders.OpsNotesView.as_view()),
]
