from __future__ import annotations

from shop.core.models import ShopSettings


def get_shop_settings() -> ShopSettings:
    """
    Return the settings of the default site: one query, and the defaults (unsaved) when none are saved yet.
    """
    return ShopSettings.objects.filter(site__is_default_site=True).first() or ShopSettings()
