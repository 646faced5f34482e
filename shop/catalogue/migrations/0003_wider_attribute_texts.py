from django.db import migrations, models


class Migration(migrations.Migration):
    """
    Widen two text columns.

    PostgreSQL does both without rewriting or scanning the table (``ALTER TABLE``, notes on changing a type),
    and the version before reads and writes them as it did.
    """

    dependencies = [("catalogue", "0002_catalogue_that_merchandisers_run")]

    operations = [
        migrations.AlterField(
            model_name='attribute',
            name='kind',
            field=models.CharField(choices=[('choice', 'Choice from a list'), ('multichoice', 'Several choices from a list'), ('swatch', 'Choice with a colour or picture'), ('number', 'Number with a unit'), ('boolean', 'Yes or no'), ('text', 'Text of one line'), ('rich_text', 'Formatted text'), ('date', 'Date'), ('file', 'File to download'), ('reference', 'Another product or page')], default='choice', help_text='Lists of choices and yes or no can be filters; a single choice can make variants.', max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='productattribute',
            name='text',
            field=models.TextField(blank=True, help_text='For attributes without a list of values. Example: “38.5”, “yes”, “hand-blown glass”.', max_length=5000, verbose_name='number or text'),
        ),
    ]
