from __future__ import annotations

from shop.core.api.throttles import RateThrottle


class ImportThrottle(RateThrottle):
    """Files that one person sends."""

    scope = "product_import"


class ExportThrottle(RateThrottle):
    """Files that one person asks for."""

    scope = "product_export"
