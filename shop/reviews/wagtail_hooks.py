from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from shop.reviews.admin import ReviewViewSet


@hooks.register("register_admin_viewset")
def register_reviews() -> ReviewViewSet:
    """The moderation screens."""
    return ReviewViewSet()


@hooks.register("register_permissions")
def register_review_permissions() -> QuerySet[Permission]:
    """What can be ticked for a group."""
    return Permission.objects.filter(
        content_type__app_label="reviews", codename__in=("view_review", "change_review")
    )
