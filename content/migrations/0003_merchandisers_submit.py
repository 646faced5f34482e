"""
Merchandisers submit, approvers publish.

Takes the right to publish from the group "Merchandiser" once, if it stands as ``sync_roles`` made it:
a group whose page permissions an operator has changed is the operator's, and an operator who gives the
right back keeps it.
"""

from django.db import migrations

AS_MADE = {"add_page", "change_page", "publish_page"}
TAKEN_EVERYWHERE = ("publish_category", "publish_productcollection", "delete_category", "delete_productcollection")


def let_approvers_publish(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    group = Group.objects.filter(name="Merchandiser").first()
    if group is None:
        return
    held = GroupPagePermission.objects.filter(group=group, page__depth=1)
    codenames = set(held.values_list("permission__codename", flat=True))
    if codenames != AS_MADE or GroupPagePermission.objects.filter(group=group, page__depth__gt=1).exists():
        return
    held.filter(permission__codename="publish_page").delete()
    group.permissions.remove(
        *group.permissions.filter(content_type__app_label="catalogue", codename__in=TAKEN_EVERYWHERE)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("content", "0002_pages"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(let_approvers_publish, migrations.RunPython.noop, elidable=True)]
