"""Pages about the API: its description for programs, its reference for people, and where nothing is."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .application import api
from .problems import problem
from .reference import reference_of


def _server(request: HttpRequest) -> str:
    """Returns the address of this server as the caller reached it."""
    return request.build_absolute_uri("/").rstrip("/")


def _description(request: HttpRequest) -> dict[str, Any]:
    """Returns the OpenAPI document with this server's own address."""
    schema: dict[str, Any] = api.get_openapi_schema()
    return {**schema, "servers": [{"url": _server(request)}]}


@require_safe
def root(request: HttpRequest) -> JsonResponse:
    """Says what lies here."""
    here = f"{_server(request)}{request.path}"
    links = {"docs": f"{here}docs", "openapi": f"{here}openapi.json"}
    return JsonResponse({"name": api.title, "version": api.version, **links})


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(_description(request), json_dumps_params={"ensure_ascii": False})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The reference for people, made of the same description."""
    server = _server(request)
    context = {"reference": reference_of(_description(request), server), "server": server}
    return render(request, "api/docs.html", context)


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under ``/api/``."""
    return problem(request, 404)
