"""What the tests of the import screens share: people, sent files, and jobs done to their end."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from content.roles import sync_folder_role, sync_roles
from shop.catalogue.models import ProductIndexPage
from shop.core.jobs import run_due_jobs
from shop.customers.models import User
from shop.spreadsheets.models import ImportRun
from tests.factories.catalogue import product_index
from tests.factories.customers import StaffFactory

LIST = "/admin/imports/"
NEW = "/admin/imports/new/"


def staff(role: str) -> User:
    """Somebody in a role of the shop."""
    if not Group.objects.filter(name=role).exists():
        sync_roles()
    return StaffFactory(role=role)


def merchandiser_of(folder: ProductIndexPage) -> User:
    """Somebody who works in one folder alone."""
    report = sync_folder_role(folder)
    return StaffFactory(role=report.name)


def folder(title: str) -> ProductIndexPage:
    return product_index().add_child(instance=ProductIndexPage(title=title, slug=title.lower()))


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, content: bytes, *, name: str = "goods.csv", **data: Any) -> Any:
    """Send a file by the form, with the options that it shows at first."""
    file = SimpleUploadedFile(name, content)
    shown = {"kind": "products", "mapping": "", "unready": "draft", "blanks": "clear"}
    making = {"create_brands": "on", "create_categories": "on", "create_values": "on"}
    return client.post(NEW, {**shown, **making, "file": file, **data})


def tried(client: Client, content: bytes, **data: Any) -> ImportRun:
    """Send a file, and let its dry run come to its end."""
    answer = send(client, content, **data)
    assert answer.status_code == 302, answer.content.decode()
    run_due_jobs()
    return ImportRun.objects.order_by("-pk")[0]


def report_url(run: ImportRun) -> str:
    return reverse("spreadsheets_import", args=[run.public_id])


def apply(client: Client, run: ImportRun) -> ImportRun:
    """Apply an import to its end."""
    client.post(reverse("spreadsheets_apply_import", args=[run.public_id]))
    run_due_jobs()
    run.refresh_from_db()
    return run


def page(client: Client, path: str, **query: str) -> str:
    """The text of a screen."""
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()
