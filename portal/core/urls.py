"""Addresses for operators."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("healthz", views.healthz, name="healthz"),
]
