from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("promotions", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="promotion",
            options={
                "ordering": ["lane", "-priority", "id"],
                "permissions": [("activate_promotion", "Can put promotions to use and pause them")],
            },
        ),
    ]
