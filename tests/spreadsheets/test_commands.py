"""The commands' exit codes and their JSON are what an operator's scripts may rely on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shop.catalogue.models import Category, ProductPage
from shop.spreadsheets.models import ImportRun
from tests.factories.catalogue import CategoryFactory, product_index
from tests.spreadsheets.files_of import csv_of

pytestmark = pytest.mark.django_db

GOOD = {"handle": "lamp", "title": "Lamp", "sku": "LAMP"}
BAD = {"handle": "chair", "title": "Chair", "sku": "no sku"}


def run(command: str, file: Path, *options: str) -> tuple[int, str]:
    output = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, str(file), *options, stdout=output, stderr=output)
    return int(ended.value.code or 0), output.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    product_index()
    return tmp_path / "goods.csv"


@pytest.mark.parametrize(("rows", "code"), [([GOOD], 0), ([GOOD, BAD], 1)])
def test_the_exit_code_says_whether_rows_were_refused(
    file: Path, rows: list[dict[str, Any]], code: int
) -> None:
    file.write_bytes(csv_of(*rows))

    trial, told = run("import_products", file, "--dry-run")
    assert (trial, ProductPage.objects.count(), ImportRun.objects.count()) == (code, 0, 0)
    assert "1 created" in told

    assert run("import_products", file)[0] == code
    assert ProductPage.objects.count() == 1


def test_a_file_that_cannot_be_read_is_2(file: Path) -> None:
    file.write_bytes(b"")

    code, told = run("import_products", file, "--json")

    assert code == 2
    assert json.loads(told)["error"]["code"] == "unreadable_file"
    assert run("import_products", file.with_name("none.csv"))[0] == 2


def test_the_report_in_json_names_row_column_and_mend(file: Path) -> None:
    file.write_bytes(csv_of(GOOD, BAD))

    report = json.loads(run("import_products", file, "--dry-run", "--json")[1])

    assert (report["dry_run"], report["counts"]["refused"]) == (True, 1)
    (error,) = report["items"][1]["errors"]
    assert (error["row"], error["column"]) == (3, "sku")
    assert "without spaces" in error["message"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_products_and_categories_go_out_and_come_back(file: Path, suffix: str) -> None:
    file.write_bytes(csv_of(GOOD | {"categories": "Lamps"}))
    run("import_products", file)
    parent = Category.objects.get()
    CategoryFactory(name="=Desk", slug="desk", parent=parent)
    products, categories = file.with_name(f"p.{suffix}"), file.with_name(f"c.{suffix}")

    call_command("export_products", str(products), "--category", "lamps", stdout=io.StringIO())
    call_command("export_categories", str(categories), stdout=io.StringIO())

    assert json.loads(run("import_products", products, "--json")[1])["counts"]["unchanged"] == 1
    assert json.loads(run("import_categories", categories, "--json")[1])["counts"]["unchanged"] == 2


def test_categories_are_made_moved_and_hidden_by_a_file(file: Path) -> None:
    CategoryFactory(name="Lamps", slug="lamps")
    CategoryFactory(name="Old", slug="old")
    file.write_bytes(
        csv_of(
            {"slug": "desk", "name": "Desk lamps", "parent": "lamps", "description": "For desks."},
            {"slug": "old", "name": "Old", "parent": "desk", "status": "draft"},
        )
    )

    assert run("import_categories", file)[0] == 0

    desk, old = Category.objects.get(slug="desk"), Category.objects.get(slug="old")
    assert (desk.parent.slug, desk.live, desk.description, desk.depth) == ("lamps", True, "For desks.", 2)
    assert (old.parent.slug, old.live, old.depth) == ("desk", False, 3)
