from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.cart.services import delete_expired_carts as delete_expired
from shop.core import clock


@shared_task
def delete_expired_carts(**kwargs: Any) -> None:
    """Tidy up carts that nobody has touched for 30 days."""
    delete_expired(at=clock.now())
