"""Export the contracts: `nexus/openapi.yaml` and `nexus/schema.graphql`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from graphql import print_schema


class Command(BaseCommand):
    help = (
        "Export nexus/openapi.yaml and nexus/schema.graphql. "
        "With --check write nothing and exit 1 if they are stale."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell whether the files are up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        openapi = OpenApiYamlRenderer().render(
            SchemaGenerator().get_schema(request=None, public=True), renderer_context={}
        )
        sdl = print_schema(import_string(settings.GRAPHENE["SCHEMA"]).graphql_schema) + "\n"
        folder = Path(settings.BASE_DIR) / "nexus"
        stale = []
        for name, text in {"openapi.yaml": openapi, "schema.graphql": sdl.encode()}.items():
            path = folder / name
            if not path.exists() or path.read_bytes() != text:
                stale.append(name)
                if not options["check"]:
                    path.write_bytes(text)
        if options["check"] and stale:
            raise CommandError(
                f"Stale: {', '.join(stale)}. Run `make schema` and commit the result.", returncode=1
            )
        self.stdout.write(
            f"Exported {', '.join(stale)}." if stale else "The exported schemas are up to date."
        )
