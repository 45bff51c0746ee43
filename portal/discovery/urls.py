"""Addresses of finding."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="search-suggest"),
    path("search/similar/", views.similar, name="search-similar"),
]
