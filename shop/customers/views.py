"""Pages of the storefront about people: the newsletter."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shop.core import clock
from shop.customers.newsletter import LinkNotValid, ask_for_newsletter, confirm_newsletter, leave_newsletter


class NewsletterForm(forms.Form):
    """Whom the letters shall go to."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="Example: name@example.org",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


# Without a token, because the form stands on pages that are kept for everybody; all that it can do is let
# one e-mail be sent, which anybody can ask for anyway, and not twice within a quarter of an hour.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    """Take an address. The answer is the same for every address."""
    form = NewsletterForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        ask_for_newsletter(email=form.cleaned_data["email"], at=clock.now())
    return TemplateResponse(request, "customers/newsletter.html", {"form": form, "asked": asked})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more by a button, because mail programs follow links by themselves; then subscribe."""
    done = False
    if request.method == "POST":
        _or_404(lambda: confirm_newsletter(token=token, at=clock.now()))
        done = True
    return TemplateResponse(request, "customers/newsletter_confirm.html", {"done": done})


# RFC 8058: mail programs post here by themselves, without cookies.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the letters, by a button here or by the one of the mail program."""
    done = False
    if request.method == "POST":
        _or_404(lambda: leave_newsletter(token=token, at=clock.now()))
        done = True
    return TemplateResponse(request, "customers/newsletter_leave.html", {"done": done})


def _or_404(act: Callable[[], object]) -> None:
    try:
        act()
    except LinkNotValid as error:
        raise Http404 from error
