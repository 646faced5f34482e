"""Write into every period what its list says today: nobody noted it at the time."""

from django.db import migrations

COLUMNS = ("code", "currency", "kind", "priority", "includes_tax")


def copy_lists(apps, schema_editor):
    periods = apps.get_model("pricing", "PriceListPeriod")
    for price_list in apps.get_model("pricing", "PriceList").objects.all():
        periods.objects.filter(price_list=price_list, code="").update(
            **{column: getattr(price_list, column) for column in COLUMNS},
            customer_group_pk=price_list.customer_group_id,
            site_pk=price_list.site_id,
        )


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_conversions_and_plans")]

    operations = [migrations.RunPython(copy_lists, migrations.RunPython.noop)]
