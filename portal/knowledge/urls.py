"""Addresses of what is done to comments under articles (the pages themselves are Wagtail's)."""

from django.urls import URLPattern, path, re_path
from wagtail.urls import serve_pattern

from .views import comments, films, serve

# Under /documents/, before Wagtail's own addresses and with the same shape.
document_urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<document_id>\d{1,9})/(?P<document_filename>[^/]+)$", films.document_file),
]

# Before Wagtail's own addresses: its pages, served with fewer queries.
page_urlpatterns: list[URLPattern] = [re_path(serve_pattern, serve.page_serve, name="wagtail_serve")]

urlpatterns: list[URLPattern] = [
    path("comments/preview/", comments.comment_preview, name="article-comment-preview"),
    path("comments/<int:page_id>/", comments.comment_add, name="article-comment"),
    path("comments/<int:comment_id>/report/", comments.comment_flag, name="article-comment-flag"),
    path("comments/<int:comment_id>/remove/", comments.comment_remove, name="article-comment-remove"),
    path("comments/<int:comment_id>/approve/", comments.comment_approve, name="article-comment-approve"),
    path("comments/mute/<str:token>/", comments.comments_mute, name="article-comments-mute"),
    path("comments/confirm/<str:token>/", comments.comments_confirm, name="article-comments-confirm"),
]
