"""Export, then import: nothing changes, whatever the catalogue holds."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shop.catalogue.models import ProductPage, ProductVariant
from shop.spreadsheets.cells import (
    decode_from_xlsx,
    encode_for_xlsx,
    escape_formula,
    join_list,
    split_list,
    unescape_formula,
)
from tests.spreadsheets.catalogues import catalogues, make, make_things, texts
from tests.spreadsheets.files_of import exported, imported, problems_of, rows_of

pytestmark = pytest.mark.django_db


@given(texts)
def test_an_escaped_formula_comes_back_and_is_none(text: str) -> None:
    written = escape_formula(text)

    assert unescape_formula(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_xml_cannot_hold_comes_back(text: str) -> None:
    assert decode_from_xlsx(encode_for_xlsx(text)) == text


@given(st.lists(st.text(min_size=1)), st.sampled_from(["|", ",", ">"]))
def test_a_list_in_one_cell_comes_back(parts: list[str], separator: str) -> None:
    assert split_list(join_list(parts, separator), separator) == parts


class _Undo(Exception):
    pass


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_importing_an_export_changes_nothing(file_format: str, data: st.DataObject) -> None:
    try:
        with transaction.atomic():
            drafts = data.draw(catalogues(make_things()))
            make(drafts, data)
            before = exported(file_format)
            as_csv = exported()
            stamps = list(
                ProductPage.objects.order_by("pk").values_list("pk", "latest_revision", "live_revision")
            )

            report = imported(before, name=f"goods.{file_format}")

            assert problems_of(report) == []
            assert report.counts["unchanged"] == len(drafts), [item.report for item in report.items()]
            assert exported() == as_csv
            assert stamps == list(
                ProductPage.objects.order_by("pk").values_list("pk", "latest_revision", "live_revision")
            )
            raise _Undo
    except _Undo:
        pass


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_emptied_shop_is_filled_again_from_its_export(data: st.DataObject) -> None:
    try:
        with transaction.atomic():
            drafts = data.draw(catalogues(make_things()))
            make(drafts, data)
            before = exported()
            for page in ProductPage.objects.all():
                page.delete()
            ProductVariant.objects.all().delete()

            report = imported(before)

            assert report.counts["created"] == len(drafts), problems_of(report)
            after = exported()
            assert differences(after, before) == []
            raise _Undo
    except _Undo:
        pass


def differences(after: bytes, before: bytes) -> list[tuple[str, str, str, str]]:
    """What two exports say differently, apart from the status: the publish checks decide that anew."""
    return [
        (new["handle"], name, new.get(name, ""), old.get(name, ""))
        for new, old in zip(rows_of(after), rows_of(before), strict=True)
        for name in {**new, **old}
        if name != "status" and new.get(name, "") != old.get(name, "")
    ]
