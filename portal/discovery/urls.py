"""Addresses of finding."""

from django.urls import URLPattern, path

from . import beacons, saved_views, views

urlpatterns: list[URLPattern] = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="search-suggest"),
    path("search/similar/", views.similar, name="search-similar"),
    path("search/seen/<str:mark>/", beacons.seen, name="search-seen"),
    path("search/opened/<str:mark>/", beacons.opened, name="search-opened"),
    path("account/searches/", saved_views.saved_list, name="saved-searches"),
    path("account/searches/add/", saved_views.saved_add, name="saved-search-add"),
    path("account/searches/<int:search_id>/", saved_views.saved_change, name="saved-search-change"),
    path("account/searches/<int:search_id>/delete/", saved_views.saved_remove, name="saved-search-delete"),
]
