"""Addresses of the inbox, of following and of how one is told."""

from django.urls import URLPattern, path

from .views import follows, inbox, settings, unsubscribing

urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:note_id>/", inbox.note_open, name="inbox-open"),
    path("inbox/<int:note_id>/read/", inbox.note_mark, name="inbox-mark"),
    path("inbox/unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="inbox-unsubscribe"),
    path("inbox/quiet/<str:token>/", unsubscribing.quiet, name="inbox-quiet"),
    path("account/follows/", follows.follow_list, name="follows"),
    path("account/notifications/", settings.notification_settings, name="notification-settings"),
    path("follow/<str:kind>/<str:key>/", follows.follow, name="follow"),
]
