"""Addresses of what staff measure; they carry no language."""

from django.urls import URLPattern, path

from .views import deflection, index

urlpatterns: list[URLPattern] = [
    path("staff/", index.index, name="staff"),
    path("staff/deflection/", deflection.deflection, name="staff-deflection"),
]
