"""Forms of the user screens in the admin."""

from __future__ import annotations

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm

from shop.customers.models import CustomerGroup, User

OWN_FIELDS = ("is_staff", "group")


class _PersonFields(forms.Form):
    group = forms.ModelChoiceField(
        CustomerGroup.objects.all(),
        required=False,
        label="Customer group",
        empty_label="No group (ordinary customer)",
        help_text="Decides which group prices apply when this person shops.",
    )
    is_staff = forms.BooleanField(
        required=False, label="Staff", help_text="May use the staff endpoints of the REST API."
    )


class PersonCreationForm(_PersonFields, UserCreationForm):
    """A new person."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = UserCreationForm.Meta.fields | set(OWN_FIELDS)


class PersonEditForm(_PersonFields, UserEditForm):
    """A person who is there already."""

    class Meta(UserEditForm.Meta):
        model = User
        fields = UserEditForm.Meta.fields | set(OWN_FIELDS)
