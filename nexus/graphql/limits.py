"""
How much a query may ask for. Everything here looks at the parsed query only, before any SQL runs.

Fragments are counted where they are spread, each from a memo, so that a small document cannot stand for a
huge query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

MAX_DEPTH = 8
MAX_ALIASES = 15
MAX_TOKENS = 2_000
MAX_BODY = 64 * 1024
MAX_COST = 1_000
# One selection set with n fields costs the validation n² comparisons.
MAX_SELECTIONS = 100
# Fragments are compared with each other, too.
MAX_FRAGMENTS = 40
# As deep as clients ask for the schema (`ofType` of `ofType` …); no recursion by `fields` of `fields`.
MAX_INTROSPECTION_DEPTH = 16
MAX_INTROSPECTION_LISTS = 3
INTROSPECTION_LISTS = ("fields", "inputFields", "interfaces", "possibleTypes")
# What a list holds whose length the query does not say.
ASSUMED_LENGTH = 10
SIZE_ARGUMENTS = ("first", "limit")
BLOCKS = "StreamFieldInterface"


def refuse(code: str, message: str) -> GraphQLError:
    """A refusal that says which bound was passed."""
    return GraphQLError(message, extensions={"code": code})


def check_shape(document: DocumentNode) -> None:
    """
    Check depth, aliases and breadth.

    :raises GraphQLError: with the code `QUERY_TOO_DEEP`, `TOO_MANY_ALIASES` or `QUERY_TOO_COSTLY`
    """
    fragments = _fragments(document)
    if len(fragments) > MAX_FRAGMENTS:
        raise refuse("QUERY_TOO_COSTLY", f"The query holds more than {MAX_FRAGMENTS} fragments.")
    shape = _Shape(fragments)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            measured = shape.measure(operation.selection_set)
            if measured.depth > MAX_DEPTH:
                raise refuse(
                    "QUERY_TOO_DEEP", f"The query is {measured.depth} levels deep; {MAX_DEPTH} are allowed."
                )
            if measured.introspection_depth > MAX_INTROSPECTION_DEPTH or (
                measured.introspection_lists > MAX_INTROSPECTION_LISTS
            ):
                raise refuse("QUERY_TOO_DEEP", "The query asks too deeply for the schema.")
            if measured.aliases > MAX_ALIASES:
                raise refuse(
                    "TOO_MANY_ALIASES",
                    f"The query has {measured.aliases} aliases; {MAX_ALIASES} are allowed.",
                )


@dataclass(slots=True)
class _Measure:
    depth: int = 0
    aliases: int = 0
    introspection_depth: int = 0
    introspection_lists: int = 0

    def join(self, other: _Measure) -> None:
        """Stand beside each other: what is deep is the deepest, aliases add up."""
        self.depth = max(self.depth, other.depth)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.introspection_lists = max(self.introspection_lists, other.introspection_lists)
        self.aliases += other.aliases


@dataclass(slots=True)
class _Shape:
    fragments: Mapping[str, FragmentDefinitionNode]
    known: dict[str, _Measure | None] = field(default_factory=dict)

    def measure(self, selections: SelectionSetNode | None) -> _Measure:
        total = _Measure()
        if selections is None:
            return total
        if len(selections.selections) > MAX_SELECTIONS:
            raise refuse("QUERY_TOO_COSTLY", f"One selection holds more than {MAX_SELECTIONS} fields.")
        for node in selections.selections:
            if isinstance(node, FieldNode):
                total.join(self._field(node))
            elif isinstance(node, InlineFragmentNode):
                total.join(self.measure(node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                total.join(self._fragment(node.name.value))
        return total

    def _field(self, node: FieldNode) -> _Measure:
        inner = self.measure(node.selection_set)
        if node.name.value in ("__schema", "__type"):
            inner = _Measure(
                depth=0,
                aliases=inner.aliases,
                introspection_depth=inner.depth,
                introspection_lists=inner.introspection_lists,
            )
        inner.depth += 1
        inner.introspection_lists += node.name.value in INTROSPECTION_LISTS
        inner.aliases += node.alias is not None
        return inner

    def _fragment(self, name: str) -> _Measure:
        if name not in self.known:
            # A fragment that spreads itself is refused by the validation that follows.
            self.known[name] = None
            fragment = self.fragments.get(name)
            self.known[name] = self.measure(fragment.selection_set) if fragment else _Measure()
        found = self.known[name]
        return (
            _Measure(found.depth, found.aliases, found.introspection_depth, found.introspection_lists)
            if found
            else _Measure()
        )


@dataclass(frozen=True, slots=True)
class _Cost:
    amount: int = 0
    is_priced: bool = False


@dataclass(frozen=True, slots=True)
class CostTable:
    """`own` is paid wherever a field (`Type.field`) stands, `shared` once a request."""

    own: Mapping[str, int]
    shared: Mapping[str, int]


def calculate_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    table: CostTable,
) -> int:
    """
    What the operation costs: about 25 for each SQL statement and 1 for each object that it answers with.

    A list counts as often as `first` or `limit` says (a connection's, for its `edges`), otherwise once, or
    ten times where what it holds costs SQL by itself.
    """
    fragments = _fragments(document)
    costing = _Costing(schema, fragments, variables, table)
    root = schema.query_type
    if root is None:
        return 0
    cost = costing.selections(operation.selection_set, root, None).amount
    return cost + sum(table.shared[name] for name in costing.shared_used)


@dataclass(slots=True)
class _Costing:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    table: CostTable
    shared_used: set[str] = field(default_factory=set)
    known: dict[tuple[str, str, int | None], _Cost] = field(default_factory=dict)

    def selections(
        self, selections: SelectionSetNode, parent: GraphQLCompositeType, size: int | None
    ) -> _Cost:
        costs = [self._selection(node, parent, size) for node in selections.selections]
        return _Cost(sum(cost.amount for cost in costs), any(cost.is_priced for cost in costs))

    def _selection(self, node: Any, parent: GraphQLCompositeType, size: int | None) -> _Cost:
        if isinstance(node, FieldNode):
            return self._field(node, parent, size)
        if isinstance(node, InlineFragmentNode):
            return self.selections(node.selection_set, self._narrowed(node.type_condition, parent), size)
        name = node.name.value
        key = (name, parent.name, size)
        if key not in self.known:
            fragment = self.fragments[name]
            narrowed = self._narrowed(fragment.type_condition, parent)
            self.known[key] = self.selections(fragment.selection_set, narrowed, size)
        return self.known[key]

    def _narrowed(self, condition: Any, parent: GraphQLCompositeType) -> GraphQLCompositeType:
        found = self.schema.type_map.get(condition.name.value) if condition else None
        return found if found is not None and is_composite_type(found) else parent  # type: ignore[return-value]

    def _field(self, node: FieldNode, parent: GraphQLCompositeType, size: int | None) -> _Cost:
        name = node.name.value
        definition = getattr(parent, "fields", {}).get(name)
        if definition is None or name.startswith("__"):
            return _Cost()
        names = [f"{owner.name}.{name}" for owner in (parent, *getattr(parent, "interfaces", ()))]
        self.shared_used.update(name for name in names if name in self.table.shared)
        own = max(self.table.own.get(name, 0) for name in names)
        if node.selection_set is None:
            return _Cost(own, own > 0)
        asked = self._asked_size(node, definition.args)
        is_list = _is_list(definition.type)
        inner = self.selections(
            node.selection_set, get_named_type(definition.type), None if is_list else asked
        )
        is_priced = own > 0 or inner.is_priced
        if not is_list:
            return _Cost(own + inner.amount, is_priced)
        # How many blocks a page has is its author's choice and no client's.
        is_blocks = get_named_type(definition.type).name == BLOCKS
        assumed = ASSUMED_LENGTH if inner.is_priced and not is_blocks else 1
        length = asked or size or assumed
        return _Cost(own + length * (1 + inner.amount), is_priced)

    def _asked_size(self, node: FieldNode, arguments: Mapping[str, Any]) -> int | None:
        for name in SIZE_ARGUMENTS:
            if name in arguments:
                default = arguments[name].default_value
                given = next((held.value for held in node.arguments if held.name.value == name), None)
                if isinstance(given, IntValueNode):
                    return max(int(given.value), 1)
                if isinstance(given, VariableNode) and isinstance(self.variables.get(given.name.value), int):
                    return max(self.variables[given.name.value], 1)
                return default if isinstance(default, int) else ASSUMED_LENGTH
        return None


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }


def _is_list(output: GraphQLOutputType) -> bool:
    while isinstance(output, GraphQLNonNull):
        output = output.of_type
    return isinstance(output, GraphQLList)
