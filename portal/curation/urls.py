"""Addresses of topics."""

from django.urls import URLPattern, path

from .views import topics

urlpatterns: list[URLPattern] = [
    path("topics/", topics.topic_list, name="topics"),
    path("topics/<str:slug>/", topics.topic, name="topic"),
]
