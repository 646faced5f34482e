"""Old addresses of the storefront lead on to the new ones."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect


def keep_old_address(old_path: str, new_path: str) -> None:
    """
    Lead whoever asks for ``old_path`` to ``new_path`` for good; see :func:`keep_old_addresses`.

    :param old_path: empty where there was none: then ``new_path`` is only freed from redirects
    """
    keep_old_addresses([(old_path, new_path)])


@transaction.atomic
def keep_old_addresses(moves: Iterable[tuple[str, str]]) -> None:
    """
    Keep many old addresses at once, in a number of queries that does not depend on how many.

    Whatever led to an old address leads to the new one at once, so that no chain is ever followed. An
    address that is in use again leads nowhere else: its redirect goes, whoever made it. The moves are
    one moment's: an address that is left in one and taken in another stays in use.
    """
    pairs = list(moves)
    taken = {_normal(new) for _, new in pairs}
    targets = {_normal(old): new for old, new in pairs if old and _normal(old) not in taken}
    Redirect.objects.filter(old_path__in=taken).delete()
    if not targets:
        return
    chained = list(
        Redirect.objects.filter(redirect_link__in=[*targets, *(f"{old}/" for old in targets)]).exclude(
            old_path__in=targets
        )
    )
    for redirect in chained:
        redirect.redirect_link = targets[_normal(redirect.redirect_link)]
    held = list(Redirect.objects.filter(site=None, old_path__in=targets).order_by("pk"))
    for redirect in held:
        redirect.redirect_page = None
        redirect.redirect_link = targets[redirect.old_path]
    Redirect.objects.bulk_update([*chained, *held], ["redirect_page", "redirect_link"], batch_size=500)
    known = {redirect.old_path for redirect in held}
    Redirect.objects.bulk_create(
        (
            Redirect(old_path=old, redirect_link=new, is_permanent=True, automatically_created=True)
            for old, new in targets.items()
            if old not in known
        ),
        batch_size=500,
    )


def _normal(path: str) -> str:
    return str(Redirect.normalise_path(path))
