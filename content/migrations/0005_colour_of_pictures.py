from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0004_blocks_authors_and_error_pages")]

    operations = [
        migrations.AddField(
            model_name="customimage",
            name="colour",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=7, verbose_name="colour"
            ),
        ),
    ]
