"""PORTAL_RATE_LIMITS reaches allauth: its own limits are off exactly when the portal's are."""

import os
import subprocess
import sys

import pytest

from portal.settings.environment import ROOT

SHOW = """
from allauth.account import app_settings
from django.conf import settings
print(settings.PORTAL_LIMITS, bool(app_settings.RATE_LIMITS), app_settings.RATE_LIMITS.get("signup"))
"""


def shown(tmp_path, value: str) -> str:
    """What a fresh process with this variable makes of it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_RATE_LIMITS": value,
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("value", "told"), [("0", "False False None"), ("1", "True True 20/10m/ip")])
def test_allauth_follows_the_portal(tmp_path, value, told):
    assert shown(tmp_path, value) == told
