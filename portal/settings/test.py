"""What the tests run: a throw-away data folder, mails kept in memory, quick passwords."""

import os
import tempfile

os.environ.setdefault("PORTAL_DATA_DIR", tempfile.mkdtemp(prefix="hiroba-test-"))
os.environ.setdefault("PORTAL_SECRET_KEY", "only-for-tests")

from .base import *  # noqa: F403
from .integrations.database import DATABASES, ENVIRONMENT
from .integrations.search import SEARCH

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
# A file, not memory: tests with threads need connections of their own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(ENVIRONMENT.data_dir / "test.sqlite3")}
# A server that was started a moment ago on a busy machine is slow at first; tests of the budget set their own.
SEARCH = {**SEARCH, "BUDGET_MS": 10_000}
# Chance would hide the suggestions from one visitor in twenty; tests of the holdout set their own share.
PORTAL_SEARCH_HOLDOUT_PERCENT = 0
