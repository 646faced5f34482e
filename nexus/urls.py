"""The map of the site: API, GraphQL, admin, storefront."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from nexus import docs, health, sitemaps
from nexus.graphql.views import GraphQLView
from shop.core.api.problems import no_such_route
from shop.core.ranges import serve_media

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("robots.txt", sitemaps.robots_txt),
    path("sitemap.xml", sitemaps.sitemap_xml, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_section, name="sitemap-section"),
    path("api/v1/schema/", docs.SchemaView.as_view(), name="openapi"),
    path("api/v1/", include("nexus.api_router")),
    re_path(r"^api/.*/$", no_such_route),
    path("graphql/", GraphQLView.as_view(), name="graphql"),
    path("docs/", docs.swagger_view, name="docs"),
    path("docs/redoc/", docs.redoc_view),
    path("docs/postman.json", docs.postman),
    path("docs/schema.graphql", docs.graphql_schema, name="docs-graphql"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.SERVE_MEDIA:
    urlpatterns += [
        re_path(
            rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>.*)$",
            serve_media,
            {"document_root": settings.MEDIA_ROOT},
        )
    ]

urlpatterns += [
    path("", include("nexus.storefront_urls")),
    path("", include(wagtail_urls)),
]

handler400 = "shop.core.api.problems.bad_request"
handler403 = "shop.core.api.problems.permission_denied"
handler404 = "content.views.page_not_found"
handler500 = "content.views.server_error"
