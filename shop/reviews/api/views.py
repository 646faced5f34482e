"""Reviews of a product over REST: approved ones, for everybody."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from shop.core.api.caching import ETagMixin
from shop.reviews.models import Review
from shop.reviews.selectors import get_public_product_id, list_approved_reviews


class ReviewSerializer(serializers.Serializer[Any]):
    """A review as shoppers read it."""

    id = serializers.UUIDField(source="public_id")
    author_name = serializers.CharField()
    rating = serializers.IntegerField(help_text="1 to 5")
    title = serializers.CharField()
    text = serializers.CharField()
    verified_purchase = serializers.BooleanField(source="is_verified_purchase")
    created_at = serializers.DateTimeField()


class ProductReviewsView(ETagMixin, GenericAPIView):
    """Approved reviews of a live product, newest first."""

    permission_classes = (AllowAny,)
    serializer_class = ReviewSerializer
    queryset = Review.objects.none()
    ordering = ("-created_at", "-pk")

    @extend_schema(operation_id="product_reviews", tags=["catalogue"], responses=ReviewSerializer(many=True))
    def get(self, request: Request, *args: Any, slug: str, **kwargs: Any) -> Response:
        """The reviews that moderators approved, newest first."""
        page = self.paginate_queryset(list_approved_reviews(get_public_product_id(slug)))
        return self.get_paginated_response(ReviewSerializer(page or [], many=True).data)
