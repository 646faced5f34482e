"""
Several small questions in one statement.

What is known of one product lies in a dozen tables. Each look-up costs next to nothing but the way to the
database and back, which all of them make together here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet

Row = tuple[Any, ...]
Reader = Callable[[str], Any]


def read_together(*questions: QuerySet[Any, Any]) -> list[list[Row]]:
    """
    Return the rows of each of these ``values_list`` querysets, read with one SQL statement; with none when
    all of them ask for nothing.

    The rows of one question come in no particular order: ask for the columns to sort by as well. A column is
    a number, a text, a moment or yes/no; anything else comes as the text that the database makes of it.
    """
    answers: list[list[Row]] = [[] for _ in questions]
    asked = [_Question(place, question) for place, question in enumerate(questions)]
    asked = [question for question in asked if question.sql]
    if not asked:
        return answers
    width = max(len(question.readers) for question in asked)
    heads = ", ".join(question.as_head() for question in asked)
    bodies = " UNION ALL ".join(question.as_body(width) for question in asked)
    readers = {question.place: question.readers for question in asked}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {heads} {bodies}", [value for each in asked for value in each.values])
        for place, *columns in cursor.fetchall():
            answers[place].append(
                tuple(
                    None if text is None else read(text)
                    for read, text in zip(readers[place], columns, strict=False)
                )
            )
    return answers


class _Question:
    """A queryset as SQL, and how its columns are read back from text."""

    def __init__(self, place: int, question: QuerySet[Any, Any]) -> None:
        self.place = place
        self.sql: str = ""
        self.values: Sequence[Any] = ()
        self.readers: Sequence[Reader] = ()
        compiler = question.query.get_compiler(connection=connection)
        try:
            self.sql, self.values = compiler.as_sql()
        except EmptyResultSet:
            # Django sees that nothing can meet it, such as an empty list of keys.
            return
        self.readers = [_reader(column.output_field) for column, _, _ in compiler.select]

    def as_head(self) -> str:
        columns = ", ".join(f"c{number}" for number in range(len(self.readers)))
        return f"q{self.place} ({columns}) AS ({self.sql})"

    def as_body(self, width: int) -> str:
        held = len(self.readers)
        columns = [f"CAST(c{number} AS text)" for number in range(held)] + ["NULL"] * (width - held)
        return f"SELECT {self.place}, {', '.join(columns)} FROM q{self.place}"  # noqa: S608  # names of ours


def _reader(field: Any) -> Reader:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for kind, reader in _READERS.items():
        if isinstance(field, kind):
            return reader
    return str


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    # SQLite keeps moments in UTC and does not say so.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_READERS: dict[type[models.Field[Any, Any]], Reader] = {
    models.IntegerField: int,
    models.DecimalField: Decimal,
    models.FloatField: float,
    models.DateTimeField: _moment,
    models.BooleanField: lambda text: text in ("1", "t", "true"),
}
