"""
Pictures by address: fetched before a chunk and outside of its transaction, used inside of it.

Whatever an address gives is looked at as a picture before it is kept: its kind is what its content says,
and its size is bounded, in bytes and in pixels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from django.db import transaction
from wagtail.images import get_image_model

from shop.core import clock
from shop.core.fetching import FetchRefused, fetch
from shop.spreadsheets.models import FetchedPicture
from shop.spreadsheets.pending import Pending
from shop.spreadsheets.picture_files import (
    MOST_BYTES,
    Looked,
    answer,
    find_twins,
    look_at,
    store,
    title_of,
)
from shop.spreadsheets.pictures import is_address

if TYPE_CHECKING:
    from shop.spreadsheets.models import ImportRun

AT_ONCE: Final = 4


def key_of(address: str) -> str:
    """What an address is kept under."""
    return hashlib.sha256(address.encode()).hexdigest()


class WebPictures:
    """Answers for addresses, from what was fetched for them."""

    def accepts(self, text: str) -> bool:
        """Every address."""
        return is_address(text)

    def prepare(self, texts: Collection[str], *, run: ImportRun, is_trial: bool) -> None:
        """Fetch them, a trial as well: whether there is a picture is what it is to tell."""
        fetch_pictures(texts)

    def resolve(self, texts: Collection[str], *, run: ImportRun) -> Mapping[str, int | str | Pending]:
        """The library's picture for each address, or one that is made when it is used."""
        keys = {key_of(text): text for text in texts}
        held = {keys[row.key]: row for row in FetchedPicture.objects.filter(key__in=keys)}
        missing = {
            text: f"“{text[:60]}” has not been fetched yet: try once more."
            for text in set(texts) - held.keys()
        }
        return missing | answer(held)


def fetch_pictures(addresses: Collection[str]) -> int:
    """
    Fetch those of the addresses that were never fetched or failed, a few at a time; return how many.

    Call it outside of a transaction. Killed in the middle, it has kept what was fetched before.
    """
    keys = {key_of(address): address for address in addresses}
    done = _list_held(keys)
    wanted = [(key, address) for key, address in keys.items() if key not in done]
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="fetch-picture") as pool:
        # The threads only fetch and look; the database is asked from this one alone.
        for (key, address), content in zip(
            wanted, pool.map(_fetch, [address for _, address in wanted]), strict=True
        ):
            _keep(key, address, content)
    return len(wanted)


def _list_held(keys: Collection[str]) -> set[str]:
    """Those that were fetched and still lie there: the library deletes files with its pictures."""
    rows = list(FetchedPicture.objects.filter(key__in=keys, problem=""))
    twins = find_twins({row.file_hash for row in rows})
    storage = get_image_model()._meta.get_field("file").storage
    return {row.key for row in rows if row.file_hash in twins or storage.exists(row.path)}


def _fetch(address: str) -> tuple[bytes, Looked] | str:
    try:
        content = fetch(address, max_bytes=MOST_BYTES).content
        return content, look_at(content)
    except FetchRefused as refused:
        return str(refused)
    except ValueError as error:
        return str(error)


def _keep(key: str, address: str, content: tuple[bytes, Looked] | str) -> None:
    if isinstance(content, str):
        fields: dict[str, str | int] = {"problem": content[:255], "path": "", "file_hash": ""}
    else:
        data, looked = content
        fields = looked.as_fields(path=_store(data, looked)) | {
            "title": title_of(unquote(urlsplit(address).path))
        }
    with transaction.atomic():
        FetchedPicture.objects.update_or_create(
            key=key, defaults={"address": address, "fetched_at": clock.now(), **fields}
        )


def _store(data: bytes, looked: Looked) -> str:
    twins = get_image_model().objects.filter(file_hash=looked.file_hash)
    twin = twins.values_list("file", flat=True).first()
    return str(twin) if twin else store(data, path=looked.path)
