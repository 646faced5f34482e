"""Every address of the admin, from the URL resolver, filled in with things that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROOT = "admin/"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^]]*\]|\([^)]*\)|[^()])*\)")


@dataclass(frozen=True, slots=True)
class Address:
    """A pattern: ``route`` with names in angle brackets, ``name`` with its namespaces."""

    route: str
    name: str

    def fill_in(self, values: Mapping[str, Any]) -> str:
        """The path with sample values; a parameter without one is a ``KeyError``."""
        return "/" + re.sub(r"<(\w+)>", lambda found: str(values[found.group(1)]), self.route)

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(\w+)>", self.route)


def list_addresses() -> list[Address]:
    """Every pattern below the admin, in the order of the resolver."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == ROOT:
            return list(_walk(pattern, "", ""))
    raise LookupError(f"nothing is mounted at {ROOT}")


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    here = prefix + _plain(str(resolver.pattern))
    spaces = f"{namespace}{resolver.namespace}:" if resolver.namespace else namespace
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, here, spaces)
        elif isinstance(pattern, URLPattern):
            yield Address(here + _plain(str(pattern.pattern)), f"{spaces}{pattern.name or ''}")


def _plain(pattern: str) -> str:
    """A route without types and anchors, from a path or a regular expression."""
    text = PARAMETER.sub(lambda found: f"<{found.group(1) or found.group(2)}>", pattern)
    return re.sub(r"[\^$\\]|\(\?:[^)]*\)\??", "", text)
