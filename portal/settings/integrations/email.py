"""Mail: EMAIL_URL (console:, file:/folder, smtp://user:password@host:port), by default files under the data folder."""

from urllib.parse import unquote, urlsplit

from portal.settings.environment import read_environment

ENVIRONMENT = read_environment()
PARTS = urlsplit(ENVIRONMENT.email_url or "file:")

EMAIL_BACKEND = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
}.get(PARTS.scheme, "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = PARTS.path if PARTS.scheme == "file" and PARTS.path else ENVIRONMENT.data_dir / "mail"
EMAIL_HOST = PARTS.hostname or "localhost"
EMAIL_PORT = PARTS.port or {"smtps": 465, "smtp+tls": 587}.get(PARTS.scheme, 25)
EMAIL_HOST_USER = unquote(PARTS.username or "")
EMAIL_HOST_PASSWORD = unquote(PARTS.password or "")
EMAIL_USE_SSL = PARTS.scheme == "smtps"
EMAIL_USE_TLS = PARTS.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = "Hiroba <community@" + (ENVIRONMENT.hosts[0] if ENVIRONMENT.hosts else "localhost") + ">"
