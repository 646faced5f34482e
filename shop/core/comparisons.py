"""
Two versions of something, told in words: what compared revisions show where Wagtail shows raw values.

``register()`` makes every comparison of the admin use them. Beyond what Wagtail does they name each block and
what became of it, show choices by their labels, moments in the reader's zone and tables by their cells, and
notice when rows were only put into another order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from difflib import SequenceMatcher
from functools import partial
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import blocks
from wagtail.admin.compare import (
    BlockComparison,
    ChildObjectComparison,
    ChildRelationComparison,
    FieldComparison,
    ForeignObjectComparison,
    ListBlockComparison,
    StreamBlockComparison,
    StreamFieldComparison,
    StructBlockComparison,
    TextDiff,
    diff_text,
    get_comparison_class_for_block,
    register_comparison_class,
)
from wagtail.admin.panels import InlinePanel
from wagtail.blocks.field_block import BaseChoiceBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import StreamField

NOTHING: Final = "nothing"
# Whether the block is there before and after.
IN_BOTH: Final = (True, True)


class FilledRowComparison(ChildObjectComparison):
    """One inline row, without the fields that say nothing in either version."""

    def get_field_comparisons(self) -> list[FieldComparison]:
        """The fields that are filled in, before or after."""
        return [
            compared
            for compared in super().get_field_comparisons()
            if compared.val_a not in (None, "") or compared.val_b not in (None, "")
        ]


class OrderedRelationComparison(ChildRelationComparison):
    """Inline rows; that they stand in another order is a change too."""

    def get_child_comparison(self, obj_a: Any, obj_b: Any) -> FilledRowComparison:
        """One row before and after."""
        return FilledRowComparison(self.field.related_model, self.field_comparisons, obj_a, obj_b)

    def has_changed(self) -> bool:
        """Whether rows came, went, changed or moved."""
        if super().has_changed():
            return True
        forwards, *_ = self.get_mapping(list(self.val_a.all()), list(self.val_b.all()))
        places = [forwards[place] for place in sorted(forwards)]
        return places != sorted(places)


def compare_order(panel: Any) -> list[Any]:
    """The comparison of an inline panel that is bound, which minds the order of its rows."""
    [usual] = InlinePanel.BoundPanel.get_comparison(panel)
    return [partial(OrderedRelationComparison, *usual.args, **usual.keywords)]


class OrderedInlinePanel(InlinePanel):
    """Inline rows whose order tells something."""

    class BoundPanel(InlinePanel.BoundPanel):
        """Compares positions as well."""

        def get_comparison(self) -> list[Any]:
            """One comparison of all rows."""
            return compare_order(self)


class MomentComparison(FieldComparison):
    """Dates and times in the reader's zone."""

    def htmldiff(self) -> SafeString:
        """The moment before and after."""
        before, after = (say_value(moment) for moment in (self.val_a, self.val_b))
        if before == after:
            return escape(before or NOTHING)
        return _replaced(before, after)


class YesNoComparison(FieldComparison):
    """Boxes that are ticked or not."""

    def htmldiff(self) -> SafeString:
        """Yes or no."""
        before, after = say_value(self.val_a), say_value(self.val_b)
        return escape(after) if before == after else _replaced(before, after)


class NamedObjectComparison(ForeignObjectComparison):
    """What a field leads to, by its name; nothing where it leads nowhere."""

    def htmldiff(self) -> SafeString:
        """The name before and after."""
        before, after = (str(found) if found else "" for found in self.get_objects())
        return escape(after) if self.val_a == self.val_b else _replaced(before, after)


def _replaced(before: str, after: str) -> SafeString:
    changes = [("deletion", before)] if before else []
    changes += [("addition", after)] if after else []
    return TextDiff(changes).to_html()


def say_value(value: Any) -> str:
    """A plain value as people write it; nothing for nothing."""
    match value:
        case None | "":
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return str(date_format(local, "j F Y, H:i"))
        case date():
            return str(date_format(value, "j F Y"))
        case time():
            return str(time_format(value, "H:i"))
    return str(value)


class WordsComparison(BlockComparison):
    """A block of one value, by what people read of it."""

    def htmlvalue(self, val: Any) -> SafeString:
        """What it says."""
        return escape(self.say(val))

    def htmldiff(self) -> SafeString:
        """What went and what came."""
        return diff_text(self.say(self.val_a), self.say(self.val_b)).to_html()

    def say(self, value: Any) -> str:
        """The value in words."""
        return say_value(value)


class ChoiceComparison(WordsComparison):
    """A choice, by its label."""

    def say(self, value: Any) -> str:
        """The label; for several choices, all of them."""
        labels = dict(_flatten(self.block.field.choices))
        chosen = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(labels.get(key, key)) for key in chosen if key not in (None, ""))


def _flatten(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flatten(label)
        else:
            yield key, label


class TableComparison(WordsComparison):
    """A table, by its cells."""

    def say(self, value: Any) -> str:
        """One row after the other."""
        rows = (value or {}).get("data") or []
        return "; ".join(" | ".join(str(cell or "") for cell in row) for row in rows)


class LabelledStructComparison(StructBlockComparison):
    """A block of several fields: all that say something, or all that differ."""

    def htmlvalue(self, val: Any) -> SafeString:
        """The fields that are filled in."""
        found = (
            (block.label, compare(block, value, value).htmlvalue(value))
            for name, block in self.block.child_blocks.items()
            if (value := val.get(name)) not in (None, "", False) and not _is_empty(value)
        )
        return _list_fields([pair for pair in found if pair[1]])

    def htmldiff(self) -> SafeString:
        """The fields that differ."""
        return _list_fields(
            [
                (block.label, compare(block, self.val_a.get(name), self.val_b.get(name)).htmldiff())
                for name, block in self.block.child_blocks.items()
                if differ(block, self.val_a.get(name), self.val_b.get(name))
            ]
        )


def _is_empty(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, blocks.StructValue) and len(value) == 0


def _list_fields(pairs: Sequence[tuple[str, str]]) -> SafeString:
    rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)
    return format_html('<dl class="comparison__list">{}</dl>', rows)


class _Sequence:
    """Blocks one below the other: each with its name and what became of it."""

    def htmldiff(self: Any) -> SafeString:
        """Every block, what was not touched as well: it shows where the others stand."""
        comparisons = self.get_block_comparisons()
        moved = _find_moved(*(self.get_blocks_from_value(value) for value in (self.val_a, self.val_b)))
        after = iter(self.get_blocks_from_value(self.val_b))
        return format_html_join(
            "",
            '<div class="comparison__child-object {}">{}{}</div>',
            [
                _draw(compared, is_moved=not compared.is_deleted() and next(after).id in moved)
                for compared in comparisons
            ],
        )

    def htmlvalue(self: Any, val: Any) -> SafeString:
        """The blocks, each with its name."""
        return format_html_join(
            "",
            "<div>{}</div>",
            (
                (compare(child.block, child.value, child.value).htmlvalue(child.value),)
                for child in self.get_blocks_from_value(val)
            ),
        )


def _draw(compared: BlockComparison, *, is_moved: bool) -> tuple[str, SafeString, Any]:
    block = compared.block
    shown = compare(block, compared.val_a, compared.val_b)
    if compared.is_new():
        return "addition", _title(block, "added"), shown.htmlvalue(compared.val_b)
    if compared.is_deleted():
        return "deletion", _title(block, "removed"), shown.htmlvalue(compared.val_a)
    if differ(block, compared.val_a, compared.val_b):
        return "", _title(block, "moved and changed" if is_moved else "changed"), shown.htmldiff()
    return "", _title(block, "moved" if is_moved else ""), shown.htmlvalue(compared.val_b)


def _title(block: Any, state: str) -> SafeString:
    label = block.label or ""
    text = f"{label} ({state})" if label and state else label or state
    return format_html("<p><strong>{}</strong></p>", text) if text else SafeString("")


def _find_moved(before: Sequence[Any], after: Sequence[Any]) -> Collection[str]:
    """Ids of blocks that are in both versions and stand between others than before."""
    kept = {block.id for block in before} & {block.id for block in after}
    was = [block.id for block in before if block.id in kept]
    now = [block.id for block in after if block.id in kept]
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    settled = {key for match in matcher.get_matching_blocks() for key in was[match.a : match.a + match.size]}
    return kept - settled


class LabelledStreamComparison(_Sequence, StreamBlockComparison):
    """A stream of blocks."""


class LabelledListComparison(_Sequence, ListBlockComparison):
    """A list of blocks of one kind."""


class LabelledStreamFieldComparison(StreamFieldComparison):
    """A field that is a stream of blocks."""

    def has_changed(self) -> bool:
        """Whether any block came, went, moved or says something else."""
        return differ(self.field.stream_block, self.val_a, self.val_b)

    def htmldiff(self) -> SafeString:
        """The blocks, each with what became of it."""
        block = self.field.stream_block
        return LabelledStreamComparison(block, *IN_BOTH, self.val_a, self.val_b).htmldiff()


COMPARISONS: Final = (
    (blocks.StreamBlock, LabelledStreamComparison),
    (blocks.ListBlock, LabelledListComparison),
    (blocks.StructBlock, LabelledStructComparison),
    (TableBlock, TableComparison),
    (BaseChoiceBlock, ChoiceComparison),
    (
        (
            blocks.BooleanBlock,
            blocks.DateBlock,
            blocks.DateTimeBlock,
            blocks.TimeBlock,
            blocks.ChooserBlock,
            blocks.IntegerBlock,
            blocks.DecimalBlock,
            blocks.URLBlock,
        ),
        WordsComparison,
    ),
)


def differ(block: Any, before: Any, after: Any) -> bool:
    """Whether two values of a block say different things; Wagtail's lists are never equal by themselves."""
    if before is None or after is None:
        return before is not after
    return bool(_without_ids(block.get_prep_value(before)) != _without_ids(block.get_prep_value(after)))


def _without_ids(prepared: Any) -> Any:
    if isinstance(prepared, list | tuple):
        return [_without_ids(part) for part in prepared]
    if isinstance(prepared, dict):
        is_child = {"type", "value"} <= prepared.keys()
        return {key: _without_ids(part) for key, part in prepared.items() if not (is_child and key == "id")}
    return prepared


def compare(block: Any, before: Any, after: Any) -> BlockComparison:
    """How two values of a block are compared; a block that brings a comparison of its own keeps it."""
    found = next((ours for kind, ours in COMPARISONS if isinstance(block, kind)), None)
    if found is None or hasattr(block, "get_comparison_class"):
        found = get_comparison_class_for_block(block)
    return found(block, *IN_BOTH, before, after)


def register() -> None:
    """Let every comparison of the admin speak so; called once when the app is ready."""
    register_comparison_class(StreamField, comparison_class=LabelledStreamFieldComparison)
    register_comparison_class(models.DateTimeField, comparison_class=MomentComparison)
    register_comparison_class(models.DateField, comparison_class=MomentComparison)
    register_comparison_class(models.BooleanField, comparison_class=YesNoComparison)
    # Fields that lead to pictures have a comparison of their own, which shows them.
    register_comparison_class(models.ForeignKey, to=models.Model, comparison_class=NamedObjectComparison)
