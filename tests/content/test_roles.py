from __future__ import annotations

import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
)

from content.models import ArticleIndexPage, LandingPage
from content.roles import Role, sync_roles
from shop.catalogue.models import Category, ProductIndexPage
from shop.catalogue.permissions import can_edit_product
from tests.factories.catalogue import CategoryFactory, ProductFactory, product_index, site_home
from tests.factories.customers import StaffFactory

pytestmark = pytest.mark.django_db


def sync(*args: str) -> str:
    out = StringIO()
    call_command("sync_roles", *args, stdout=out)
    return out.getvalue()


def test_every_permission_of_every_role_exists() -> None:
    report = json.loads(sync("--json"))

    assert [role["name"] for role in report] == ["Merchandiser", "Approver", "Ops", "Support", "Analyst"]
    assert all(role["missing"] == [] and role["created"] for role in report)


def test_a_second_run_changes_nothing() -> None:
    sync()
    counts = [
        model.objects.count()
        for model in (Group.permissions.through, GroupPagePermission, GroupCollectionPermission)
    ]

    report = json.loads(sync("--json"))

    assert {role["added"] for role in report} == {0}
    assert counts == [
        model.objects.count()
        for model in (Group.permissions.through, GroupPagePermission, GroupCollectionPermission)
    ]


def test_what_an_operator_added_stays() -> None:
    sync()
    extra = Permission.objects.get(codename="delete_user")
    Group.objects.get(name="Support").permissions.add(extra)

    sync()

    assert extra in Group.objects.get(name="Support").permissions.all()


def test_merchandisers_publish_nothing_and_move_no_order() -> None:
    product_index()
    sync()
    merchandiser = Group.objects.get(name="Merchandiser")

    pages = set(merchandiser.page_permissions.values_list("permission__codename", flat=True))
    everywhere = set(merchandiser.permissions.values_list("content_type__app_label", flat=True))

    assert pages == {"add_page", "change_page"}
    assert not merchandiser.permissions.filter(codename__startswith="publish_").exists()
    assert not everywhere & {"orders", "payments", "notifications", "customers"}


def test_analysts_change_nothing() -> None:
    sync()

    codenames = set(Group.objects.get(name="Analyst").permissions.values_list("codename", flat=True))

    # An export is a file of what they may read anyway.
    assert {name for name in codenames if not name.startswith("view_")} <= {"access_admin", "add_exportfile"}


def test_a_permission_that_does_not_exist_is_reported() -> None:
    strange = Role(name="Strange", models={"orders.order": ("view", "fly")})

    [report] = sync_roles([strange])

    assert report.missing == ["orders.fly_order"]
    assert Group.objects.get(name="Strange").permissions.filter(codename="view_order").exists()


def folder(title: str) -> ProductIndexPage:
    return product_index().add_child(instance=ProductIndexPage(title=title, slug=title.lower()))


def test_a_group_for_one_folder_works_there_and_nowhere_else() -> None:
    lamps, chairs = folder("Lamps"), folder("Chairs")
    lamp, chair = ProductFactory(parent=lamps), ProductFactory(parent=chairs)

    [report] = json.loads(sync("--folder", "lamps", "--json"))
    person = StaffFactory(role="Merchandiser: Lamps")

    assert (report["name"], report["created"], report["missing"]) == ("Merchandiser: Lamps", True, [])
    assert can_edit_product(person, lamp)
    assert not can_edit_product(person, chair)
    assert not lamp.permissions_for_user(person).can_publish()


def test_the_group_of_a_folder_can_have_a_name_of_its_own() -> None:
    folder("Lamps")

    sync("--folder", "lamps", "--name", "Lighting")

    assert Group.objects.filter(name="Merchandiser: Lighting").exists()


def test_a_folder_that_does_not_exist_is_answered_with_those_that_do() -> None:
    folder("Lamps")

    with pytest.raises(CommandError, match="lamps, products"):
        sync("--folder", "lambs")
    with pytest.raises(CommandError, match="--name belongs to --folder"):
        sync("--name", "Lighting")


def places_of(name: str = "Merchandiser") -> list[str]:
    held = GroupPagePermission.objects.filter(group__name=name, permission__codename="change_page")
    return sorted(held.values_list("page__slug", flat=True))


def test_merchandisers_work_in_the_outermost_folders_and_the_journal() -> None:
    lamps = folder("Lamps")
    lamps.add_child(instance=ProductIndexPage(title="Desk lamps", slug="desk-lamps"))
    site_home().add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))
    about = site_home().add_child(instance=LandingPage(title="About", slug="about"))
    lamp = ProductFactory(parent=lamps)

    sync()
    sync()
    person = StaffFactory(role="Merchandiser")

    assert places_of() == ["journal", "products"]
    assert can_edit_product(person, lamp)
    assert not lamp.permissions_for_user(person).can_publish()
    assert not about.permissions_for_user(person).can_edit()
    assert not site_home().permissions_for_user(person).can_edit()


def test_the_first_folders_of_a_new_shop_are_the_merchandisers() -> None:
    sync()
    before = places_of()

    product_index()
    site_home().add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))

    assert (before, places_of()) == ([], ["journal", "products"])


def test_a_group_that_an_operator_has_bound_gets_no_new_folders() -> None:
    lamps = folder("Lamps")
    sync()
    held = GroupPagePermission.objects.filter(group__name="Merchandiser")
    held.update(page=lamps)

    site_home().add_child(instance=ProductIndexPage(title="Outlet", slug="outlet"))

    assert places_of() == ["lamps"]


@pytest.mark.parametrize(
    ("added", "expected"), [((), ["products"]), (("lock_page",), ["root"])], ids=["as made", "changed"]
)
def test_an_older_group_moves_from_the_root_to_the_folders_unless_it_was_changed(
    added: tuple[str, ...], expected: list[str]
) -> None:
    product_index()
    sync()
    GroupPagePermission.objects.filter(group__name="Merchandiser").delete()
    for codename in ("add_page", "change_page", *added):
        give(codename)

    import_module("content.migrations.0006_merchandisers_in_their_folders").bind_to_folders(apps, None)

    assert places_of() == expected


def test_everything_that_merchandisers_write_is_reviewed_by_approvers() -> None:
    product = ProductFactory()
    sync()

    task = GroupApprovalTask.objects.get(name="Approver")

    assert [group.name for group in task.groups.all()] == ["Approver"]
    assert product.get_workflow().name == "Approver review"
    assert CategoryFactory().get_workflow().name == "Approver review"
    assert Page.objects.get(depth=1).workflowpage.workflow.name == "Approver review"


def test_workflows_that_an_operator_assigned_stay() -> None:
    own = Workflow.objects.create(name="Four eyes")
    WorkflowPage.objects.update_or_create(page=Page.objects.get(depth=1), defaults={"workflow": own})
    sync()
    WorkflowContentType.objects.all().delete()

    sync()

    assert ProductFactory().get_workflow() == own
    assert Category.get_default_workflow() is None


def take_the_right_to_publish() -> None:
    """What the migration does, once, to a shop that was set up before."""
    migration = import_module("content.migrations.0003_merchandisers_submit")
    migration.let_approvers_publish(apps, None)


def give(codename: str) -> None:
    group, root = Group.objects.get(name="Merchandiser"), Page.objects.get(depth=1)
    permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=root, permission=permission)


@pytest.mark.parametrize(
    ("changed_by_operator", "still_publishes"), [(False, False), (True, True)], ids=["as made", "changed"]
)
def test_an_older_group_of_merchandisers_publishes_no_more_unless_it_was_changed(
    *, changed_by_operator: bool, still_publishes: bool
) -> None:
    sync()
    for codename in ("add_page", "change_page", "publish_page"):
        give(codename)
    if changed_by_operator:
        give("lock_page")

    take_the_right_to_publish()

    codenames = GroupPagePermission.objects.filter(group__name="Merchandiser").values_list(
        "permission__codename", flat=True
    )
    assert ("publish_page" in codenames) == still_publishes
