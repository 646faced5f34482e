"""Imports and exports through the REST API, as a program of the shop's own staff uses them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from rest_framework.test import APIClient

from shop.catalogue.models import ProductPage
from shop.core.jobs import run_due_jobs
from shop.core.models import BackgroundJob
from shop.inventory.services import ensure_warehouse
from shop.pricing.services import ensure_base_price_list
from shop.spreadsheets.api import uploads
from shop.spreadsheets.models import ImportRun, ImportUpload
from shop.spreadsheets.services import uploads as receiving
from tests.catalogue.test_permissions import folder, works_in
from tests.factories.catalogue import CategoryFactory, TaxClassFactory, product_index
from tests.factories.customers import StaffFactory, UserFactory
from tests.spreadsheets.files_of import csv_of, picture, rows_of, xlsx_of, zip_of

pytestmark = pytest.mark.django_db

IMPORTS, EXPORT = "/api/v1/ops/products/import/", "/api/v1/ops/products/export/"
EVERYTHING = ("add_importrun", "add_exportfile", "change_price", "change_stockitem", "add_brand")


def client(*codenames: str, staff: bool = True, superuser: bool = False) -> APIClient:
    user = StaffFactory(is_superuser=superuser) if staff else UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    api = APIClient()
    api.force_authenticate(type(user).objects.get(pk=user.pk))
    return api


@pytest.fixture(autouse=True)
def shop() -> None:
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()


@pytest.fixture
def chief() -> APIClient:
    return client(superuser=True)


def lamp(**cells: str) -> dict[str, str]:
    return {"handle": "oak-lamp", "title": "Oak lamp", "sku": "LAMP", "price.base": "49.90", **cells}


def sent(content: bytes, name: str = "goods.csv", **members: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), **members}


def send(api: APIClient, content: bytes, **members: Any) -> Any:
    headers = members.pop("headers", {})
    return api.post(IMPORTS, sent(content, **members), format="multipart", headers=headers)


def tried(api: APIClient, content: bytes, **members: Any) -> str:
    answer = send(api, content, **members)
    assert answer.status_code == 202, answer.json()
    run_due_jobs()
    return f"{IMPORTS}{answer.json()['id']}/"


def codes_of(answer: Any) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["attr"]) for problem in answer.json()["errors"]]


# -- who --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [IMPORTS, EXPORT])
def test_nobody_but_staff_with_the_permission_gets_near(address: str) -> None:
    assert APIClient().get(address).status_code == 401
    assert client(*EVERYTHING, staff=False).get(address).status_code == 403
    assert client("view_stockitem").get(address).status_code == 403
    assert client(*EVERYTHING).get(address).status_code == 200


def test_imports_of_others_are_not_there_unless_one_may_see_them(chief: APIClient) -> None:
    address = tried(chief, csv_of(lamp()))
    stranger, auditor = client("add_importrun"), client("add_importrun", "view_importrun")

    for method, path in (("get", ""), ("post", "apply/"), ("post", "cancel/")):
        assert getattr(stranger, method)(address + path).status_code == 404
    assert stranger.get(IMPORTS).json()["results"] == []
    assert auditor.get(address).status_code == 200
    assert auditor.post(f"{address}apply/").json()["code"] == "import_not_tried"


def test_what_a_person_may_not_is_refused_row_by_row() -> None:
    api = client("add_importrun")
    address = tried(api, csv_of(lamp()))

    found = api.get(address).json()

    assert found["counts"]["refused"] == 1
    assert found["report"]["results"][0]["errors"][0]["code"] == "forbidden"


# -- sending, trying, applying ----------------------------------------------------------------------------


def test_a_file_is_tried_and_then_applied(chief: APIClient) -> None:
    started = send(chief, csv_of(lamp(), lamp(handle="ash", sku="ASH", **{"price.base": "dear"})))
    run_due_jobs()
    address = started["Location"]
    found = chief.get(address).json()

    assert started.status_code == 202
    assert started.json()["state"] == "trying"
    assert (found["state"], found["kind"], found["file"]) == ("tried", "products", "goods.csv")
    assert (found["rows"], found["items"], found["progress"]) == (2, 2, None)
    assert found["counts"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 1, "warnings": 0}
    assert not ProductPage.objects.exists()

    applied = chief.post(f"{address}apply/")
    run_due_jobs()

    assert (applied.status_code, applied.json()["state"]) == (202, "running")
    assert chief.get(address).json()["state"] == "applied"
    assert ProductPage.objects.get().slug == "oak-lamp"
    assert chief.post(f"{address}apply/").json()["code"] == "import_not_ready"


def test_the_report_is_paged_and_filtered(chief: APIClient) -> None:
    rows = [lamp(handle=f"lamp-{number}", sku=f"L{number}") for number in range(4)]
    address = tried(chief, csv_of(*rows, lamp(**{"price.base": "dear"})))

    first = chief.get(address, {"limit": 3}).json()["report"]
    rest = chief.get(first["next"]).json()["report"]
    refused = chief.get(address, {"action": "refused"}).json()["report"]["results"]

    assert [row["position"] for row in first["results"] + rest["results"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None
    [row] = refused
    assert (row["label"], row["rows"], row["errors"][0]["column"]) == ("Oak lamp", [6], "price.base")
    assert chief.get(address, {"action": "gone"}).json()["errors"][0]["attr"] == "action"


def test_a_list_takes_the_same_queries_for_one_and_for_many(
    chief: APIClient, django_assert_num_queries: Any
) -> None:
    tried(chief, csv_of(lamp()))
    for _ in range(3):
        tried(chief, csv_of(lamp()))

    with django_assert_num_queries(1):
        results = chief.get(IMPORTS, {"state": "tried", "kind": "products"}).json()["results"]

    assert len(results) == 4
    assert results[0]["counts"]["created"] == 1


def test_pictures_come_along_in_a_zip(chief: APIClient) -> None:
    pictures = SimpleUploadedFile("pictures.zip", zip_of({"lamp.png": picture()}))
    address = tried(
        chief, csv_of(lamp(**{"image.1.src": "lamp.png", "image.1.alt": "A lamp"})), pictures=pictures
    )
    chief.post(f"{address}apply/")
    run_due_jobs()

    assert ProductPage.objects.get().media.get().image.title == "lamp"


def test_options_and_mapping_and_kind_are_kept_to(chief: APIClient) -> None:
    refused = tried(chief, csv_of(lamp(brand="Halden")), create_brands="false")
    categories = tried(chief, csv_of({"slug": "lamps", "name": "Lamps"}), kind="categories")
    unknown = send(chief, csv_of(lamp()), mapping="gone")

    assert chief.get(refused).json()["report"]["results"][0]["errors"][0]["code"] == "unknown_brand"
    assert chief.get(categories).json()["counts"]["created"] == 1
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_columns")


def test_an_xlsx_is_read_as_well(chief: APIClient) -> None:
    content = xlsx_of([["handle", "title"], ["oak-lamp", "Oak lamp"]])

    assert chief.get(tried(chief, content, name="goods.xlsx")).json()["counts"]["created"] == 1


def test_a_large_file_is_read_in_the_background_under_the_same_id(
    chief: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "READ_AT_ONCE", 10)
    started = send(chief, csv_of(lamp()))
    early = chief.post(f"{started['Location']}apply/")
    run_due_jobs()

    assert started.json()["state"] == "reading"
    assert early.json()["code"] == "import_not_tried"
    assert chief.get(started["Location"]).json()["state"] == "tried"


def test_a_large_file_that_cannot_be_read_says_why(chief: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "READ_AT_ONCE", 10)
    started = send(chief, b"colour,size\nred,s\n")
    run_due_jobs()

    found = chief.get(started["Location"]).json()

    assert found["state"] == "unreadable"
    assert "No column names a product" in found["error"]
    assert found["report"]["results"] == []


def test_what_is_at_work_can_be_cancelled_once(chief: APIClient) -> None:
    started = send(chief, csv_of(lamp()))
    address = started["Location"]

    cancelled = chief.post(f"{address}cancel/")
    again = chief.post(f"{address}cancel/")

    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "stopped"
    assert (again.status_code, again.json()["code"]) == (409, "job_not_cancellable")
    assert BackgroundJob.objects.get().status == BackgroundJob.Status.CANCELLED


def test_the_same_key_sends_once(chief: APIClient) -> None:
    headers = {"Idempotency-Key": "import-2027-03-01"}
    first = send(chief, csv_of(lamp()), headers=headers)
    again = send(chief, csv_of(lamp()), headers=headers)
    other = send(chief, csv_of(lamp(title="Ash lamp")), headers=headers)

    assert again.json()["id"] == first.json()["id"]
    assert again["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert ImportRun.objects.count() == 1


# -- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "unreadable_file"),
        (b"\xd0\xcf\x11\xe0 old", "unreadable_file"),
        (b"handle,title\n", "unreadable_file"),
        (b"colour,size\nred,s\n", "unknown_columns"),
        (b"\x00\x01\x02\x03", "unreadable_file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(chief: APIClient, content: bytes, code: str) -> None:
    answer = send(chief, content)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == code
    assert not ImportUpload.objects.exists()
    assert not ImportRun.objects.exists()


def test_pictures_that_are_no_zip_are_refused(chief: APIClient) -> None:
    answer = send(chief, csv_of(lamp()), pictures=SimpleUploadedFile("a.zip", b"no zip"))

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_file")
    assert not ImportUpload.objects.exists()


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"colour": "red"}, ("unknown_field", "colour")),
        ({"kind": "orders"}, ("invalid_choice", "kind")),
        ({"unready": ["draft", "refuse"]}, ("repeated_field", "unready")),
        ({"create_brands": "perhaps"}, ("invalid", "create_brands")),
        ({"mapping": "x" * 81}, ("max_length", "mapping")),
    ],
)
def test_members_that_are_wrong_are_named(
    chief: APIClient, members: dict[str, Any], problem: tuple[str, str]
) -> None:
    answer = send(chief, csv_of(lamp()), **members)

    assert answer.status_code == 400
    assert codes_of(answer) == [problem]


def test_a_form_without_a_file_and_a_body_that_is_no_form_are_refused(chief: APIClient) -> None:
    assert codes_of(chief.post(IMPORTS, {"kind": "products"}, format="multipart")) == [("required", "file")]
    assert codes_of(chief.post(IMPORTS, sent(b""), format="multipart")) == [("empty", "file")]
    assert codes_of(chief.post(IMPORTS)) == [("required", "file")]
    assert chief.post(IMPORTS, {"file": "x"}, format="json").status_code == 415
    assert chief.get(f"{IMPORTS}?colour=red").status_code == 400
    assert chief.post(f"{tried(chief, csv_of(lamp()))}apply/", {"now": True}).status_code == 400


def test_a_form_that_is_too_large_is_refused_before_it_is_read(
    chief: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "REST", -uploads.tables.MAX_BYTES - uploads.archives.MAX_BYTES)

    answer = send(chief, csv_of(lamp()))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_files_are_counted_by_the_throttle(chief: APIClient, settings: Any) -> None:
    settings.THROTTLE_RATES = {"product_import": "1/minute", "product_export": "1/minute"}
    send(chief, csv_of(lamp()))
    chief.get(EXPORT)

    assert send(chief, csv_of(lamp()))["Retry-After"]
    assert chief.get(EXPORT).status_code == 429
    assert chief.get(IMPORTS).status_code == 200


# -- exports ----------------------------------------------------------------------------------------------


def test_an_export_comes_back_unchanged(chief: APIClient) -> None:
    chief.post(f"{tried(chief, csv_of(lamp(), lamp(handle='ash', sku='ASH')))}apply/")
    run_due_jobs()

    answer = chief.get(EXPORT)
    content = b"".join(answer.streaming_content)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "products-" in answer["Content-Disposition"]
    assert [row["handle"] for row in rows_of(content)] == ["oak-lamp", "ash"]
    assert chief.get(tried(chief, content)).json()["counts"]["unchanged"] == 2


def test_an_export_is_filtered_and_an_xlsx_on_demand(chief: APIClient) -> None:
    CategoryFactory(name="Desk", slug="desk")
    chief.post(f"{tried(chief, csv_of(lamp(categories='Desk'), lamp(handle='ash', sku='A')))}apply/")
    run_due_jobs()

    answer = chief.get(EXPORT, {"format": "xlsx", "category": "desk", "status": "draft"})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert [row[0] for row in rows] == ["handle", "oak-lamp"]
    assert chief.get(EXPORT, {"format": "pdf"}).json()["errors"][0]["attr"] == "format"
    assert chief.get(EXPORT, {"colour": "red"}).status_code == 400
    assert chief.get(EXPORT, headers={"Accept": "text/csv"}).status_code == 200


def test_an_export_holds_what_the_person_may_work_on(chief: APIClient) -> None:
    chief.post(f"{tried(chief, csv_of(lamp()))}apply/")
    run_due_jobs()

    person = works_in(folder("Chairs"))
    person.user_permissions.add(Permission.objects.get(codename="add_exportfile"))
    api = APIClient()
    api.force_authenticate(type(person).objects.get(pk=person.pk))

    answer = api.get(EXPORT)

    assert rows_of(b"".join(answer.streaming_content)) == []
