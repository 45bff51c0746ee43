"""Pages about the API: its description for programs, its reference for people, and where nothing is."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .api import api
from .problems import problem


@require_safe
def root(request: HttpRequest) -> JsonResponse:
    """Says what lies here."""
    told = {"name": api.title, "version": api.version}
    links = {name: request.build_absolute_uri(f"/api/v1/{name}") for name in ("docs", "openapi.json")}
    return JsonResponse(told | {"docs": links["docs"], "openapi": links["openapi.json"]})


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document, with this server's own address."""
    schema = api.get_openapi_schema()
    schema["servers"] = [{"url": request.build_absolute_uri("/").rstrip("/")}]
    return JsonResponse(schema, json_dumps_params={"ensure_ascii": False})


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under ``/api/``."""
    return problem(request, 404)
