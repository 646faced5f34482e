# The tables of the catalogue.

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import modelcluster.fields
import modelsearch.index
import shop.catalogue.models.variants
import shop.core.clock
import shop.core.fields
import uuid
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('content', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What shoppers read. Example: “Colour”.', max_length=80, verbose_name='name')),
                ('slug', models.SlugField(help_text='The name in filters and imports; links break when it changes. Example: “colour”.', max_length=80, unique=True, verbose_name='slug')),
                ('kind', models.CharField(choices=[('choice', 'Choice from a list'), ('swatch', 'Choice with a colour swatch'), ('number', 'Number'), ('boolean', 'Yes or no'), ('text', 'Free text')], default='choice', help_text='Lists of choices can be filters and make variants; the other kinds only describe.', max_length=10, verbose_name='kind')),
                ('unit', models.CharField(blank=True, help_text='Shown behind a number. Example: “cm”, “W”.', max_length=20, verbose_name='unit')),
                ('is_filterable', models.BooleanField(default=False, help_text='Offers the values beside lists of products.', verbose_name='shoppers can filter by it')),
                ('makes_variants', models.BooleanField(default=False, help_text='Tick it when shoppers choose it before they buy, such as size or colour.', verbose_name='makes variants')),
                ('is_visible', models.BooleanField(default=True, help_text='Untick it for attributes that only filters use.', verbose_name='shown on product pages')),
                ('sort_order', models.PositiveIntegerField(default=0, help_text='Lower numbers come first among filters and on product pages.', verbose_name='position')),
            ],
            options={
                'verbose_name': 'attribute',
                'verbose_name_plural': 'attributes',
                'ordering': ['sort_order', 'name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='ProductIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences above the list of all products.', verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'product folder',
                'verbose_name_plural': 'product folders',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='TaxClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(help_text='Short and lasting, for imports and tax rates. Example: “standard”, “reduced”.', unique=True, verbose_name='code')),
                ('name', models.CharField(help_text='Example: “Standard rate”.', max_length=100, verbose_name='name')),
            ],
            options={
                'verbose_name': 'tax class',
                'verbose_name_plural': 'tax classes',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AttributeValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('label', models.CharField(help_text='What shoppers read. Example: “Moss green”.', max_length=80, verbose_name='label')),
                ('slug', models.SlugField(help_text='The value in filters and imports. Example: “moss-green”.', max_length=80, verbose_name='slug')),
                ('swatch', models.CharField(blank=True, help_text='Colour of the swatch as #RRGGBB. Example: “#2f6f4e”.', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-fA-F]{6}\\Z', 'Write a colour as #RRGGBB, such as #2f6f4e.')], verbose_name='swatch')),
                ('attribute', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='catalogue.attribute')),
            ],
            options={
                'verbose_name': 'attribute value',
                'verbose_name_plural': 'attribute values',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Example: “Halden Ceramics”.', max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(help_text='The name in filters. Example: “halden-ceramics”.', max_length=120, unique=True, verbose_name='slug')),
                ('description', models.TextField(blank=True, help_text='Two or three sentences about the maker.', verbose_name='description')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.customimage', verbose_name='logo')),
            ],
            options={
                'verbose_name': 'brand',
                'verbose_name_plural': 'brands',
                'ordering': ['name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('sort_order', models.PositiveIntegerField(default=0, editable=False, verbose_name='position')),
                ('path', models.CharField(db_index=True, default='', editable=False, max_length=96)),
                ('tree_order', models.CharField(db_index=True, default='', editable=False, max_length=96)),
                ('depth', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('name', models.CharField(help_text='What shoppers read. Example: “Desk lamps”.', max_length=120, verbose_name='name')),
                ('slug', models.SlugField(help_text='The last part of the web address. Example: “desk-lamps” for /categories/desk-lamps/.', max_length=120, unique=True, verbose_name='slug')),
                ('description', models.TextField(blank=True, help_text='One or two sentences above the list of products.', verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('figure', 4), ('facts', 8)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'A short heading. Example: “How to care for oak”.', 'icon': 'title', 'max_length': 120, 'template': 'catalogue/blocks/heading.html'}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ol', 'ul'], 'icon': 'pilcrow', 'template': 'catalogue/blocks/paragraph.html'}), 2: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Shown below the picture.', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 2), ('caption', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'help_text': 'Example: “Height”.', 'max_length': 80}), 6: ('wagtail.blocks.CharBlock', (), {'help_text': 'Example: “38 cm”.', 'max_length': 200}), 7: ('wagtail.blocks.StructBlock', [[('name', 5), ('value', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'icon': 'list-ul', 'label': 'Table of facts', 'template': 'catalogue/blocks/facts.html'})}, help_text='Longer text below the list: advice, care, a size guide.')),
                ('image_alt', models.CharField(blank=True, help_text="What the picture shows, for those who cannot see it. Empty: the picture's own.", max_length=200, verbose_name='alternative text')),
                ('seo_title', models.CharField(blank=True, help_text='Leave empty to use the name.', max_length=120, verbose_name='title for search engines')),
                ('seo_description', models.TextField(blank=True, help_text='One or two sentences shown in search results, 155 characters at most are read.', verbose_name='description for search engines')),
                ('image', models.ForeignKey(blank=True, help_text='Shown on tiles that lead to this category.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.customimage', verbose_name='picture')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('parent', models.ForeignKey(blank=True, help_text='The category above this one; leave it empty for a category at the top.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalogue.category', verbose_name='inside')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['tree_order'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='ProductCollection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('name', models.CharField(help_text='Example: “Gifts under 50”.', max_length=120, verbose_name='name')),
                ('slug', models.SlugField(help_text='The last part of the web address. Example: “gifts-under-50”.', max_length=120, unique=True, verbose_name='slug')),
                ('description', models.TextField(blank=True, help_text='One or two sentences above the products.', verbose_name='introduction')),
                ('image_alt', models.CharField(blank=True, help_text="What the picture shows, for those who cannot see it. Empty: the picture's own.", max_length=200, verbose_name='alternative text')),
                ('seo_title', models.CharField(blank=True, help_text='Leave empty to use the name.', max_length=120, verbose_name='title for search engines')),
                ('seo_description', models.TextField(blank=True, verbose_name='description for search engines')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.customimage', verbose_name='picture')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'collection',
                'verbose_name_plural': 'collections',
                'ordering': ['name'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='ProductPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results. Example: “A dimmable oak lamp.”', max_length=300, verbose_name='summary')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('figure', 4), ('facts', 8)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'A short heading. Example: “How to care for oak”.', 'icon': 'title', 'max_length': 120, 'template': 'catalogue/blocks/heading.html'}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ol', 'ul'], 'icon': 'pilcrow', 'template': 'catalogue/blocks/paragraph.html'}), 2: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Shown below the picture.', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 2), ('caption', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'help_text': 'Example: “Height”.', 'max_length': 80}), 6: ('wagtail.blocks.CharBlock', (), {'help_text': 'Example: “38 cm”.', 'max_length': 200}), 7: ('wagtail.blocks.StructBlock', [[('name', 5), ('value', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'icon': 'list-ul', 'label': 'Table of facts', 'template': 'catalogue/blocks/facts.html'})}, help_text='What it is, what it is made of, how to care for it.')),
                ('slug_key', models.CharField(editable=False, max_length=255, null=True, unique=True)),
                ('brand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='products', to='catalogue.brand', verbose_name='brand')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ProductMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('alt_text', models.CharField(help_text='What the picture shows, for those who cannot see it. Example: “Oak desk lamp, side view”.', max_length=200, validators=[django.core.validators.MinLengthValidator(3)], verbose_name='alternative text')),
                ('caption', models.CharField(blank=True, help_text='Shown below the picture.', max_length=200, verbose_name='caption')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.customimage', verbose_name='picture')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='catalogue.productpage')),
            ],
            options={
                'verbose_name': 'picture of a product',
                'verbose_name_plural': 'pictures of products',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductCollectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('collection', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='catalogue.productcollection')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collection_items', to='catalogue.productpage', verbose_name='product')),
            ],
            options={
                'verbose_name': 'product of a collection',
                'verbose_name_plural': 'products of collections',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='product_categories', to='catalogue.category', verbose_name='category')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='product_categories', to='catalogue.productpage')),
            ],
            options={
                'verbose_name': 'category of a product',
                'verbose_name_plural': 'categories of products',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductAttribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('text', models.CharField(blank=True, help_text='For attributes without a list of values. Example: “38.5”, “yes”, “hand-blown glass”.', max_length=200, verbose_name='number or text')),
                ('attribute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.attribute', verbose_name='attribute')),
                ('value', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='product_attributes', to='catalogue.attributevalue', verbose_name='value')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='product_attributes', to='catalogue.productpage')),
            ],
            options={
                'verbose_name': 'attribute of a product',
                'verbose_name_plural': 'attributes of products',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductVariant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sku', models.CharField(max_length=64, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9._/+-]*\\Z', 'A SKU is made of letters, digits and . _ / + - without spaces, for example LAMP-OAK-38.')], verbose_name='SKU')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('barcode', models.CharField(blank=True, max_length=14, validators=[shop.catalogue.models.variants.validate_gtin], verbose_name='barcode')),
                ('weight_grams', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='weight in grams')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('cost', shop.core.fields.AmountField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='cost')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(default=shop.core.clock.now, editable=False)),
                ('updated_at', models.DateTimeField(default=shop.core.clock.now, editable=False)),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.customimage')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='variants', to='catalogue.productpage')),
                ('tax_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='catalogue.taxclass', verbose_name='tax class')),
            ],
            options={
                'verbose_name': 'variant',
                'verbose_name_plural': 'variants',
                'ordering': ['product_id', 'sort_order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='VariantAttribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attribute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.attribute')),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variant_attributes', to='catalogue.attributevalue')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variant_attributes', to='catalogue.productvariant')),
            ],
            options={
                'verbose_name': 'attribute of a variant',
                'verbose_name_plural': 'attributes of variants',
                'ordering': ['attribute__sort_order', 'attribute__name'],
            },
        ),
        migrations.AddConstraint(
            model_name='attributevalue',
            constraint=models.UniqueConstraint(fields=('attribute', 'slug'), name='catalogue_attributevalue_unique_slug', violation_error_message='Two values have the same slug: change one of them.'),
        ),
        migrations.AddIndex(
            model_name='productvariant',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['product', 'sort_order'], name='catalogue_variant_active_idx'),
        ),
        migrations.AddIndex(
            model_name='productvariant',
            index=models.Index(fields=['barcode'], name='catalogue_variant_barcode_idx'),
        ),
        migrations.AddConstraint(
            model_name='productvariant',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('sku'), name='catalogue_productvariant_unique_sku', violation_error_message='Another variant has this SKU already.'),
        ),
        migrations.AddConstraint(
            model_name='productvariant',
            constraint=models.CheckConstraint(condition=models.Q(('sku', ''), _negated=True), name='catalogue_productvariant_has_sku'),
        ),
        migrations.AddConstraint(
            model_name='variantattribute',
            constraint=models.UniqueConstraint(fields=('variant', 'attribute'), name='catalogue_variantattribute_unique_attribute'),
        ),
    ]
