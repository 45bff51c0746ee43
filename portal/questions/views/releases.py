"""The staff's pages for the releases of products."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.staff import staff_only
from portal.questions.forms import ReleaseForm
from portal.questions.selectors.confirming import product_releases, product_rows
from portal.questions.selectors.releases import release_for_staff
from portal.questions.services.releases import release_edit, release_register, release_restore, release_withdraw


@require_safe
@staff_only
def release_index(request: HttpRequest) -> HttpResponse:
    """All products with their newest release."""
    return render(request, "questions/releases.html", {"rows": product_rows(), "language_urls": {}})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """The releases of one product, how far its answers are confirmed, and the form that registers a new one."""
    form = ReleaseForm(request.POST or None, initial={"released_at": now().date()})
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        try:
            made = release_register(user=request.user, product=slug, **data)
        except Invalid as error:
            form.refuse(error)
        else:
            undo = reverse("staff-release-withdraw", args=[made.pk])
            messages.success(request, _("The version is registered."), extra_tags=undo)
            return redirect("staff-product", slug)
    view = product_releases(user=request.user, slug=slug)
    context = {"view": view, "form": form, "language_urls": {}}
    return render(request, "questions/product.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def edit(request: HttpRequest, release_id: int) -> HttpResponse:
    """The form that changes a release."""
    release = release_for_staff(request.user, release_id)
    names = ("label", "released_at", "notes_url", "position")
    form = ReleaseForm(request.POST or None, initial={name: getattr(release, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            release_edit(user=request.user, release_id=release_id, **{name: form.cleaned_data[name] for name in names})
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff-product", release.product.slug)
    context = {"release": release, "form": form, "language_urls": {}}
    return render(request, "questions/release.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only
def withdraw(request: HttpRequest, release_id: int) -> HttpResponse:
    """Takes a release away; the message offers to bring it back."""
    release = release_withdraw(user=request.user, release_id=release_id)
    undo = reverse("staff-release-restore", args=[release_id])
    messages.success(request, _("The version is withdrawn. What was said of it no longer counts."), extra_tags=undo)
    return redirect("staff-product", release.product.slug)


@require_POST
@staff_only
def restore(request: HttpRequest, release_id: int) -> HttpResponse:
    """Brings a withdrawn release back."""
    release = release_restore(user=request.user, release_id=release_id)
    messages.success(request, _("The version counts again."))
    return redirect("staff-product", release.product.slug)
