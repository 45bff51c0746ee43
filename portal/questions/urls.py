"""Addresses of questions."""

from django.urls import URLPattern, path

from .views import ask, lists, pages

urlpatterns: list[URLPattern] = [
    path("questions/", lists.question_list, name="questions"),
    path("questions/ask/", ask.ask, name="ask"),
    path("questions/<int:question_id>/", pages.question, name="question-short"),
    path("questions/<int:question_id>/<str:slug>/", pages.question, name="question"),
]
