from __future__ import annotations

from typing import Any

from django.conf import settings
from whitenoise.runserver_nostatic.management.commands.runserver import Command as RunserverCommand

from shop.core import embedded


class Command(RunserverCommand):
    """Django's development server, with the embedded worker beside it where no broker is configured."""

    def inner_run(self, *args: Any, **options: Any) -> None:
        if settings.EMBEDDED:
            embedded.start()
        try:
            super().inner_run(*args, **options)
        finally:
            embedded.stop()
