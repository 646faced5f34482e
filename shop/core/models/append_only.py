from __future__ import annotations

from typing import Any, NoReturn, Self

from django.db import models


class RowsAreAppendOnly(TypeError):
    """Somebody tried to change or delete what happened; record what mends it instead."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Adds and reads, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise RowsAreAppendOnly(f"A {self.model._meta.verbose_name} is never changed.")

    def delete(self) -> NoReturn:
        raise RowsAreAppendOnly(f"A {self.model._meta.verbose_name} is never deleted.")


class AppendOnlyModel(models.Model):
    """
    A row of a ledger, a history or a trail: added once, never changed, and gone only with what it is about.

    :raises RowsAreAppendOnly: when one is saved again or deleted
    """

    objects: models.Manager[Self] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RowsAreAppendOnly(f"A {self._meta.verbose_name} is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RowsAreAppendOnly(f"A {self._meta.verbose_name} is never deleted.")
