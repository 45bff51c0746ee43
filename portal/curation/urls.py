"""Addresses of topics."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("topics/", views.topic_list, name="topics"),
    path("topics/<str:slug>/", views.topic, name="topic"),
]
