"""Files that staff send and fetch: kept apart from the media, where nothing is served to the public."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Where they lie; web processes and workers share it."""
    return storages["private"]


def keep_file(file: File[Any], *, folder: str) -> str:
    """Keep a file under a name that nobody can guess, and return that name."""
    return str(private_storage().save(f"{folder}/{uuid.uuid4().hex}", file))


def open_file(name: str) -> File[Any]:
    """
    Open a kept file for reading.

    :raises FileNotFoundError: when it has been deleted
    """
    return private_storage().open(name)


def forget_file(name: str) -> None:
    """Delete a kept file; one that is not there is forgotten already."""
    if name:
        private_storage().delete(name)
