from wagtail import hooks

from shop.customers.viewsets import CustomerGroupViewSet, customer_groups


@hooks.register("register_admin_viewset")
def register_customer_groups() -> CustomerGroupViewSet:
    """Customer groups, under Settings."""
    return customer_groups
