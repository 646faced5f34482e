from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from shop.notifications.admin import MailboxViewSet, emails_panel
from shop.orders.admin_extensions import PANELS_HOOK

hooks.register(PANELS_HOOK, emails_panel, order=20)


@hooks.register("register_admin_viewset")
def register_mailbox() -> MailboxViewSet:
    """The mailbox."""
    return MailboxViewSet()


@hooks.register("register_permissions")
def register_email_permissions() -> QuerySet[Permission]:
    """What can be ticked for a group."""
    return Permission.objects.filter(
        content_type__app_label="notifications", codename__in=("view_sentemail", "resend_email")
    )
