"""Addresses of finding."""

from django.urls import URLPattern, path

from . import beacons, views

urlpatterns: list[URLPattern] = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="search-suggest"),
    path("search/similar/", views.similar, name="search-similar"),
    path("search/seen/<str:mark>/", beacons.seen, name="search-seen"),
    path("search/opened/<str:mark>/", beacons.opened, name="search-opened"),
]
