"""
What shops had before attributes said so themselves: the search found products by every attribute, and "yes"
and "no" become values, so that filters treat them as any other choice.
"""

from django.db import migrations

YES_AND_NO = (("yes", "Yes"), ("no", "No"))


def keep_searching(apps, schema_editor):
    attributes = apps.get_model("catalogue", "Attribute").objects.using(schema_editor.connection.alias)
    attributes.update(is_searchable=True)


def add_answers(apps, schema_editor):
    alias = schema_editor.connection.alias
    values = apps.get_model("catalogue", "AttributeValue").objects.using(alias)
    for attribute in apps.get_model("catalogue", "Attribute").objects.using(alias).filter(kind="boolean"):
        for position, (slug, label) in enumerate(YES_AND_NO):
            values.get_or_create(
                attribute_id=attribute.pk, slug=slug, defaults={"label": label, "sort_order": position}
            )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_variant_windows")]

    operations = [
        migrations.RunPython(keep_searching, migrations.RunPython.noop),
        migrations.RunPython(add_answers, migrations.RunPython.noop),
    ]
