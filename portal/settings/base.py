"""What every deployment shares. Values that differ come from the environment (docs/reference/settings.md)."""

import mimetypes

from django.utils.translation import gettext_lazy as _

from .environment import ROOT, read_environment, secret_key
from .integrations.accounts import *  # noqa: F403
from .integrations.cache import CACHES  # noqa: F401
from .integrations.cms import *  # noqa: F403
from .integrations.comments import *  # noqa: F403
from .integrations.csp import CONTENT_SECURITY_POLICY  # noqa: F401
from .integrations.database import DATABASES  # noqa: F401
from .integrations.email import *  # noqa: F403
from .integrations.search import SEARCH  # noqa: F401
from .integrations.tasks import TASKS  # noqa: F401

ENVIRONMENT = read_environment()
DEBUG = False
SECRET_KEY = secret_key(ENVIRONMENT)
ALLOWED_HOSTS = [*ENVIRONMENT.hosts, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.hosts]

INSTALLED_APPS = [
    # Ahead of ours: portal.knowledge takes back a signal receiver that xtd connects when it is ready.
    "django_comments_xtd",
    "django_comments",
    "portal.api",
    "portal.analytics",
    "portal.notifications",
    "portal.curation",
    "portal.importers",
    "portal.experts",
    "portal.knowledge",
    "portal.questions",
    "portal.discovery",
    "portal.accounts",
    "portal.core",
    "search",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.table_block",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.middleware.CmsPolicyMiddleware",
    "portal.api.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A whole-page cache belongs here, above the sessions (docs/adr/0005).
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.core.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.core.middleware.ErrorPagesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
SITE_ID = 1

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.core.context.site",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("ja", _("Japanese")), ("ar", _("Arabic"))]
LOCALE_PATHS = [ROOT / "locales"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "portal" / "static"]
STATIC_ROOT = ENVIRONMENT.data_dir / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = ENVIRONMENT.data_dir / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    # Not below MEDIA_ROOT, which a web server in front may serve by itself: who sees an upload is asked each time.
    "uploads": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENVIRONMENT.data_dir / "uploads", "base_url": None},
    },
}
mimetypes.add_type("text/javascript", ".js", strict=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "portal.core.receiving.CappedHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# The name the community carries in titles and mails until an operator changes it in the CMS settings.
PORTAL_NAME = "Hiroba"
PORTAL_BASE_URL = f"https://{ENVIRONMENT.hosts[0]}" if ENVIRONMENT.hosts else f"http://127.0.0.1:{ENVIRONMENT.port}"
PORTAL_LIMITS = ENVIRONMENT.limits
PORTAL_UPLOAD_TYPES = ENVIRONMENT.upload_types
PORTAL_LOOPBACK = ENVIRONMENT.loopback
PORTAL_REMIND_ACCEPT_DAYS = ENVIRONMENT.remind_days
PORTAL_SEARCH_RETENTION_DAYS = ENVIRONMENT.retention_days
PORTAL_SEARCH_HOLDOUT_PERCENT = ENVIRONMENT.holdout_percent
PORTAL_EXPERT_STANDING = ENVIRONMENT.expert_standing
PORTAL_REVIEW_STANDING = ENVIRONMENT.review_standing
PORTAL_REOPEN_VOTES = ENVIRONMENT.reopen_votes
PORTAL_REOPEN_DAYS = ENVIRONMENT.reopen_days
PORTAL_DETAILS_DAYS = ENVIRONMENT.details_days
PORTAL_ARCHIVE_DAYS = ENVIRONMENT.archive_days
PORTAL_DRAFT_DAYS = ENVIRONMENT.draft_days
PORTAL_NOTE_DAYS = ENVIRONMENT.note_days
PORTAL_SERIAL_VOTES = ENVIRONMENT.serial_votes
PORTAL_SERIAL_VOTES_PERCENT = ENVIRONMENT.serial_votes_percent
# Where the processes of the web server count together; empty for one process alone.
METRICS_FOLDER = ENVIRONMENT.metrics_folder

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A stranger's wrong address is no news to the operator; what breaks on our side is.
    "loggers": {"django.request": {"level": "ERROR"}},
}
