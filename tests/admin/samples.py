"""Things for every address of the admin to be about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from wagtail.models import Collection, Site, Task, Workflow

from content.roles import sync_roles
from shop.catalogue.models import ProductPage, ProductType
from shop.core.models.jobs import BackgroundJob
from shop.inventory.models import StockItem
from shop.pricing.models import PriceList
from shop.spreadsheets.models import ColumnMapping
from tests.admin.addresses import Address
from tests.factories.attributes import document
from tests.factories.cart import goods
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ImageFactory,
    ProductCollectionFactory,
    ProductFactory,
    product_index,
)
from tests.factories.content import menu
from tests.factories.customers import CustomerGroupFactory, UserFactory
from tests.factories.promotions import PromotionFactory, VoucherBatchFactory, VoucherFactory
from tests.factories.reviews import ReviewFactory
from tests.factories.shipping import ShippingMethodFactory
from tests.factories.tax import TaxRateFactory
from tests.orders.placed import place_order

# A key that is nobody's: the address then answers 404, or refuses before it has looked.
NOBODY = 99_999_999


class Samples:
    """The values of an address's parameters, made once for all roles."""

    def __init__(self) -> None:
        sync_roles()
        self.product = self._product()
        self.category = CategoryFactory(slug="lamps", name="Lamps")
        self.category.save_revision()
        self.order = place_order(quantities=(1,))
        author = UserFactory()
        ProductPage.objects.get(pk=self.product.pk).get_workflow().start(self.product, author)
        self.product.refresh_from_db()
        self.pks = self._keys()
        state = self.product.current_workflow_state
        revision = self.product.get_latest_revision()
        self.values: dict[str, Any] = {
            "action": "publish",
            "action_name": "approve",
            "app_label": "wagtailcore",
            "app_name": "core",
            "model_name": "page",
            "collection_id": Collection.objects.get(depth=1).pk,
            "content_type_app_name": "catalogue",
            "content_type_model_name": "productpage",
            "destination_id": product_index().pk,
            "doc_id": self.pks["documents"],
            "document_id": self.pks["documents"],
            "filter_spec": "width-100",
            "image_id": self.pks["images"],
            "number": self.order.number,
            "object_id": self.product.pk,
            "page_id": self.product.pk,
            "page_pk": NOBODY,
            "page_to_move_id": self.product.pk,
            "parent_page_id": product_index().pk,
            "public_id": BackgroundJob.objects.create(
                kind="import", label="Import", status="failed", created_by=author
            ).public_id,
            "redirect_id": NOBODY,
            "revision_id": revision.pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "session_id": NOBODY,
            "slug": "cancel",
            "task_id": Task.objects.get(name="Approver").pk,
            "task_state_id": state.current_task_state_id,
            "token": "nothing",
            "uidb64": "nobody",
            "uploaded_file_id": NOBODY,
            "vocabulary": "goods",
            "variant_id": self.product.variants.get().pk,
            "workflow_pk": Workflow.objects.get(name="Approver review").pk,
            "workflow_state_id": state.pk,
        }

    @staticmethod
    def _product() -> ProductPage:
        product = ProductFactory(title="Oak lamp")
        goods("49.90", product=product)
        ProductCollectionFactory(products=[product])
        product.save_revision()
        return ProductPage.objects.get(pk=product.pk)

    def _keys(self) -> dict[str, Any]:
        """The key of a thing for each beginning of an address."""
        makers: dict[str, Callable[[], Any]] = {
            "snippets/catalogue/attribute": lambda: AttributeFactory(slug="colour", values=["red"]),
            "snippets/catalogue/brand": BrandFactory,
            "snippets/catalogue/category": lambda: self.category,
            "snippets/catalogue/productcollection": ProductCollectionFactory,
            "snippets/catalogue/producttype": lambda: ProductType.objects.create(name="Lamp", slug="lamp"),
            "snippets/catalogue/taxclass": lambda: self.product.variants.get().tax_class,
            "snippets/content/menu": lambda: menu("main"),
            "catalogue/categories": lambda: self.category,
            "documents": document,
            "images": ImageFactory,
            "collections": lambda: Collection.objects.get(depth=1).add_child(name="Pictures"),
            "customer-groups": CustomerGroupFactory,
            "imports/saved-columns": lambda: ColumnMapping.objects.create(name="Halden", signature="halden"),
            "groups": lambda: Group.objects.get(name="Support"),
            "users": UserFactory,
            "sites": lambda: Site.objects.get(is_default_site=True),
            "workflows": lambda: Workflow.objects.get(name="Approver review"),
            "workflows/tasks": lambda: Task.objects.get(name="Approver"),
            "pages": lambda: self.product,
            "api/main/pages": lambda: self.product,
            "prices/lists": lambda: PriceList.objects.get(kind="base"),
            "promotions/list": PromotionFactory,
            "promotions/dry-run": PromotionFactory,
            "promotions/vouchers": VoucherFactory,
            "promotions/batches": VoucherBatchFactory,
            "reviews": lambda: ReviewFactory(product=self.product),
            "shipping/methods": ShippingMethodFactory,
            "stock/items": StockItem.objects.first,
            "stock/warehouses": lambda: StockItem.objects.first().warehouse,
            "tax/rates": TaxRateFactory,
        }
        keys = {beginning: make().pk for beginning, make in makers.items()}
        keys["shipping/zones"] = ShippingMethodFactory().zone_id
        return keys

    def values_of(self, address: Address) -> dict[str, Any]:
        """The sample values for an address, its ``pk`` by the longest beginning that fits."""
        route = address.route.removeprefix("admin/").replace("snippets/choose/", "snippets/")
        fitting = [beginning for beginning in self.pks if route.startswith(f"{beginning}/")]
        pk = self.pks[max(fitting, key=len)] if fitting else NOBODY
        values = {"pk": pk, **self.values}
        if route.startswith("settings/"):
            values |= {"app_name": "content", "model_name": "brandsettings", "pk": self.pks["sites"]}
        return values
