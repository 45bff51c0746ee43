"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Returns the community's name and the interface languages."""
    return {"site_name": settings.PORTAL_NAME, "interface_languages": settings.LANGUAGES}
