"""Wagtail and wagtail-localize."""

from django.utils.translation import gettext_lazy as _

from portal.settings.environment import read_environment

WAGTAIL_SITE_NAME = "Hiroba"
ENVIRONMENT = read_environment()
WAGTAILADMIN_BASE_URL = (
    f"https://{ENVIRONMENT.hosts[0]}" if ENVIRONMENT.hosts else f"http://127.0.0.1:{ENVIRONMENT.port}"
)
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("ja", _("Japanese")), ("ar", _("Arabic"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("ru", "Русский"), ("ja", "日本語"), ("ar", "العربية")]
# A page sent for translation stays a draft until a translator publishes it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
# mp4 and webm are films for the video block, vtt their captions.
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "odt", "pdf", "pptx", "txt", "vtt", "webm", "xlsx", "zip"]
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
