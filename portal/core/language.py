"""In which language a request is answered."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

# Addresses for machines: they stand under no language, and what is not there is not looked for under one.
PLAIN_PREFIXES = ("/api/", "/feeds/", "/static/", "/media/", "/documents/", "/uploads/")


def asked_language(request: HttpRequest) -> str | None:
    """Returns the portal's language that the caller names first in ``Accept-Language``, None where there is none."""
    ours = {code for code, _name in settings.LANGUAGES}
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        for code in (wanted, wanted.partition("-")[0]):
            if code in ours:
                return code
    return None


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but a 404 for machines stays one: theirs leads to the same address under ``/en/``."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Names the language of the answer."""
        if not request.path_info.startswith(PLAIN_PREFIXES):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
