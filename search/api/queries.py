"""Query strings of the catalogue, read strictly: what is misspelt is refused, not ignored."""

from __future__ import annotations

from typing import Any

from django.core.validators import slug_re
from django.http import QueryDict
from rest_framework import serializers

from search.text import MAX_QUERY_LENGTH
from search.values import AttributeFilter, ProductFilter, ProductSort
from shop.core.api.pagination import parse_limit
from shop.core.api.serializers import StrictSerializer, TextField

ATTRIBUTE_PREFIX = "attr."
BRAND = "brand"
MAX_ATTRIBUTES = 20
MAX_VALUES = 50
FLAGS = {"true": True, "false": False}


class FlagField(serializers.ChoiceField):
    """`true` or `false`, as in JSON."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list(FLAGS), **kwargs)

    def to_internal_value(self, data: Any) -> bool:  # type: ignore[override]
        """The truth value of the word."""
        return FLAGS[super().to_internal_value(data)]


class SlugsField(serializers.ListField):
    """Slugs, one per repetition of the parameter."""

    child = TextField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_VALUES, **kwargs)


class PriceField(serializers.DecimalField):
    """A price as a decimal number in plain digits: Python's own notation, such as `1_0`, is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_digits=18, decimal_places=4, min_value=0, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if "_" in str(data) or not str(data).isascii():
            self.fail("invalid")
        return super().to_internal_value(data)


class CurrencySerializer(StrictSerializer):
    """What every read of the catalogue takes."""

    currency = TextField(
        required=False, max_length=3, help_text="ISO 4217 code; the shop's own currency when left out."
    )


class PageSerializer(CurrencySerializer):
    """What every list takes."""

    limit = serializers.CharField(required=False)
    cursor = serializers.CharField(required=False)

    def validate_limit(self, value: str) -> int:
        """The number of rows, 1 to 100."""
        return parse_limit(value)


class SearchQuerySerializer(PageSerializer):
    """What `search/` takes."""

    q = TextField(max_length=MAX_QUERY_LENGTH)


class SuggestQuerySerializer(CurrencySerializer):
    """What `search/suggest/` takes."""

    q = TextField(max_length=MAX_QUERY_LENGTH, allow_blank=True)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=20, default=8)


class ProductQuerySerializer(PageSerializer):
    """What `products/` takes, without the attributes, whose names are the shop's own."""

    q = TextField(required=False, max_length=MAX_QUERY_LENGTH, allow_blank=True)
    category = TextField(required=False)
    collection = TextField(required=False)
    brand = SlugsField(required=False)
    price_min = PriceField()
    price_max = PriceField()
    in_stock = FlagField(required=False)
    on_sale = FlagField(required=False)
    sort = serializers.ChoiceField(required=False, choices=[sort.value for sort in ProductSort])
    facets = FlagField(required=False, default=False)
    attributes = serializers.DictField(required=False, child=SlugsField(allow_empty=False), allow_empty=False)

    def validate_attributes(self, value: dict[str, list[str]]) -> dict[str, list[str]]:
        """At most as many attributes as a page of filters can show."""
        if len(value) > MAX_ATTRIBUTES:
            raise serializers.ValidationError(
                f"Filter by at most {MAX_ATTRIBUTES} attributes.", code="max_length"
            )
        if unknown := [slug for slug in value if not slug_re.match(slug)]:
            raise serializers.ValidationError(
                f"{unknown[0]!r} is not the slug of an attribute.", code="invalid"
            )
        return value


def read_query(serializer_class: type[StrictSerializer], params: QueryDict) -> dict[str, Any]:
    """
    The parameters as values.

    :raises ValidationError: for an unknown parameter, a repeated one that stands once, or a value that does
        not fit
    """
    data: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    fields = serializer_class().fields
    for name, values in params.lists():
        if name.startswith(ATTRIBUTE_PREFIX) and "attributes" in fields:
            data.setdefault("attributes", {})[name.removeprefix(ATTRIBUTE_PREFIX)] = values
        elif isinstance(fields.get(name), serializers.ListField):
            data[name] = values
        elif len(values) > 1:
            errors[name] = serializers.ErrorDetail("Give this parameter once.", code="repeated")
        else:
            # `attributes` is our own name for attr.…, not a parameter.
            data[f"{name}=" if name == "attributes" else name] = values[0]
    if errors:
        raise serializers.ValidationError(errors)
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def product_filter(query: dict[str, Any]) -> ProductFilter:
    """The filter that the validated parameters of `products/` stand for."""
    attributes = dict(query.get("attributes", {}))
    brands = [*query.get("brand", ()), *attributes.pop(BRAND, ())]
    return ProductFilter(
        category=query.get("category"),
        collection=query.get("collection"),
        brands=tuple(brands),
        price_min=query.get("price_min"),
        price_max=query.get("price_max"),
        in_stock=query.get("in_stock"),
        on_sale=query.get("on_sale"),
        attributes=tuple(AttributeFilter(slug, tuple(values)) for slug, values in attributes.items()),
        query=query.get("q", ""),
    )
