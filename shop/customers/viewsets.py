"""Users and customer groups in the admin."""

from __future__ import annotations

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from shop.customers.forms import PersonCreationForm, PersonEditForm
from shop.customers.models import CustomerGroup


class UserViewSet(WagtailUserViewSet):
    """Wagtail's user screens, with customer group and staff."""

    create_template_name = "customers/admin/user_create.html"
    edit_template_name = "customers/admin/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[PersonCreationForm] | type[PersonEditForm]:
        return PersonEditForm if for_update else PersonCreationForm


class CustomerGroupViewSet(ModelViewSet):
    """Customers who share prices."""

    model = CustomerGroup
    icon = "group"
    menu_label = "Customer groups"
    add_to_settings_menu = True
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    panels = (FieldPanel("name"), FieldPanel("slug"))


customer_groups = CustomerGroupViewSet("customer-groups", url_prefix="customer-groups")
