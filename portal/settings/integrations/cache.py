"""The cache: each process's own memory, or Redis through REDIS_URL (shared, as several workers need)."""

from typing import Any

from portal.settings.environment import read_environment

URL = read_environment().redis_url

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": URL, "KEY_PREFIX": "hiroba"}
        if URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    )
}
