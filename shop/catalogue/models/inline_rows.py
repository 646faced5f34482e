"""
Inline rows of a page that are written only where they differ.

modelcluster reads the rows of every relation for itself and writes each of them again at every save: two
statements per relation and row, of which a publish that changes a title needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from modelcluster.models import ClusterableModel, get_all_child_relations

from shop.core.together import Row, read_together

# What a column of an inline row may be, to be compared by its value.
PLAIN = (models.IntegerField, models.CharField, models.TextField, models.ForeignKey)


class WritesChangedRows(ClusterableModel):
    """
    A page that reads its inline rows with one statement when it is saved, and writes those that changed.

    Comes after ``Page`` among the bases, so that it stands between Wagtail's ``save`` and modelcluster's.
    The rows stay in memory until :meth:`forget_rows`, so that what comes next need not read them again.
    """

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Write the page's own columns, then its inline rows; with ``update_fields`` as modelcluster does."""
        if kwargs.get("update_fields") is not None or self._state.adding:
            super().save(**kwargs)
            return
        held = self._rows_in_memory()
        relations = [_Relation(self, relation) for relation in get_all_child_relations(self)]
        changed = [relation for relation in relations if relation.name in held]
        # Without its rows in memory, modelcluster leaves a relation alone.
        rows = {relation.name: held.pop(relation.name) for relation in changed}
        try:
            super().save(**kwargs)
            stored = read_together(*(relation.ask() for relation in changed))
        finally:
            held.update(rows)
        for relation, known in zip(changed, stored, strict=True):
            relation.write(rows[relation.name], known)

    def _rows_in_memory(self) -> dict[str, list[models.Model]]:
        rows: dict[str, list[models.Model]] = self.__dict__.setdefault("_cluster_related_objects", {})
        return rows

    def forget_rows(self, *, except_for: Sequence[str] = ()) -> None:
        """Read inline rows from the database again from now on, as after any save of modelcluster's."""
        held = self._rows_in_memory()
        for relation in get_all_child_relations(self):
            name = relation.get_accessor_name()
            if name not in except_for:
                held.pop(name, None)


class _Relation:
    """One kind of inline rows of a page."""

    def __init__(self, page: WritesChangedRows, relation: Any) -> None:
        self.page, self.model, self.key = page, relation.related_model, relation.field
        self.name: str = relation.get_accessor_name()
        columns = [
            field
            for field in self.model._meta.concrete_fields
            if not field.primary_key and field is not self.key
        ]
        self.is_comparable = all(isinstance(field, PLAIN) for field in columns)
        self.columns = columns if self.is_comparable else []

    def ask(self) -> QuerySet[Any, Any]:
        """The rows as they are stored: the key, and every column that can be compared."""
        stored = self.model._default_manager.filter(**{self.key.attname: self.page.pk}).order_by()
        rows: QuerySet[Any, Any] = stored.values_list("pk", *(field.attname for field in self.columns))
        return rows

    def write(self, rows: Sequence[models.Model], stored: Sequence[Row]) -> None:
        """Bring the table in line with these rows."""
        if not self.is_comparable:
            if rows or stored:
                getattr(self.page, self.name).commit()
            return
        known = {pk: tuple(columns) for pk, *columns in stored}
        stale = known.keys() - {row.pk for row in rows}
        if stale:
            for row in self.model._default_manager.filter(pk__in=stale):
                row.delete()
        for row in rows:
            # A row made by the relation's `create` does not know its page yet.
            setattr(row, self.key.name, self.page)
            if known.get(row.pk) != self._columns_of(row):
                row.save()

    def _columns_of(self, row: models.Model) -> tuple[Any, ...]:
        return tuple(_plain(field, getattr(row, field.attname)) for field in self.columns)


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return None if value is None else field.to_python(value)
