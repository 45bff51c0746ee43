"""Asking."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a new question."""
    return render(request, "questions/ask.html", {})
