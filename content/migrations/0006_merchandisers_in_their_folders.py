"""
Merchandisers work in the product folders and journals of the shop.

Moves the page permissions of the group "Merchandiser" from the root page there, once, if it stands as
``sync_roles`` made it: a group whose page permissions an operator has changed is the operator's.
"""

from django.db import migrations

AS_MADE = {"add_page", "change_page"}
PLACES = (("catalogue", "productindexpage"), ("content", "articleindexpage"))


def bind_to_folders(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    Page = apps.get_model("wagtailcore", "Page")
    group = Group.objects.filter(name="Merchandiser").first()
    if group is None:
        return
    held = GroupPagePermission.objects.filter(group=group)
    if set(held.values_list("permission__codename", flat=True)) != AS_MADE or held.exclude(page__depth=1).exists():
        return
    permission_ids = list(held.values_list("permission_id", flat=True))
    outermost = []
    for page in Page.objects.select_related("content_type").filter(alias_of__isnull=True).order_by("path").iterator():
        if (page.content_type.app_label, page.content_type.model) in PLACES:
            if not outermost or not page.path.startswith(outermost[-1].path):
                outermost.append(page)
    if not outermost:
        # Nowhere to go yet: it is done by the first folder that is made, or by sync_roles.
        held.delete()
        return
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=page, permission_id=permission_id)
        for page in outermost
        for permission_id in permission_ids
    )
    held.filter(page__depth=1).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalogue", "0008_stored_readiness"),
        ("content", "0005_colour_of_pictures"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(bind_to_folders, migrations.RunPython.noop, elidable=True)]
