"""Addresses of the API; they stand under no language."""

from django.urls import URLPattern, URLResolver, path, re_path, register_converter

from .converters import RowIdConverter

register_converter(RowIdConverter, "row")

from . import views  # noqa: E402  # its calls use the converter
from .application import api  # noqa: E402

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", views.root, name="api-home"),
    path("v1/openapi.json", views.openapi, name="api-openapi"),
    path("v1/docs", views.docs, name="api-docs"),
    path("v1/", api.urls),
    re_path(r"^(?P<rest>.*)$", views.unknown, name="api-unknown"),
]
