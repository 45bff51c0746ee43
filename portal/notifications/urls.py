"""Addresses of the inbox."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="inbox-read-all"),
    path("inbox/<int:note_id>/", views.note_open, name="inbox-open"),
    path("inbox/<int:note_id>/read/", views.note_mark, name="inbox-mark"),
    path("inbox/unsubscribe/<str:token>/", views.unsubscribe, name="inbox-unsubscribe"),
]
