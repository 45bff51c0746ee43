"""What ``bin/portal`` and ``manage.py`` run: DEBUG off."""

from .base import *  # noqa: F403

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PORTAL_LOOPBACK  # noqa: F405
SECURE_PROXY_SSL_HEADER = None if PORTAL_LOOPBACK else ("HTTP_X_FORWARDED_PROTO", "https")  # noqa: F405
