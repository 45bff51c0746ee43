"""Addresses for operators, and the log of what the staff did."""

from django.urls import URLPattern, path

from . import media, views
from .robots import robots

urlpatterns: list[URLPattern] = [
    path("media/<path:path>", media.media_file, name="media_file"),
    path("staff/audit/", views.audit, name="staff-audit"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("metrics", views.metrics, name="metrics"),
]
