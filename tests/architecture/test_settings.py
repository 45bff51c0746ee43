"""Every variable and setting is read by something and told to the operator, and nothing else is promised."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import global_settings

from tests.architecture.sources import ROOT, python_sources

PAGE = ROOT / "docs" / "reference" / "settings.md"
VARIABLE = re.compile(r"\b(PORTAL_[A-Z_]+|(?:DATABASE|ELASTICSEARCH|REDIS|EMAIL)_URL)\b")
PACKAGES = (
    "django.core.mail", "wagtail", "wagtail_localize", "taggit", "django_comments", "django_comments_xtd",
    "rest_framework", "allauth", "csp",
    "django_htmx", "whitenoise", "django_tasks", "django_tasks_db", "modelsearch", "ninja",
)  # fmt: skip


def variables_read() -> set[str]:
    """Names that portal/settings/environment.py looks up."""
    tree = ast.parse((ROOT / "portal" / "settings" / "environment.py").read_text())
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if VARIABLE.fullmatch(text)}


def variables_documented() -> set[str]:
    """Names that have a row in the reference."""
    return {match.group(1) for match in re.finditer(r"^\| `([A-Z_]+)` \|", PAGE.read_text(), re.MULTILINE)}


def test_the_reference_tells_every_variable_and_no_other() -> None:
    assert variables_documented() == variables_read()


def test_the_contract_is_kept() -> None:
    """The variables of design 9."""
    assert variables_read() >= {
        "DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_SECRET_KEY", "PORTAL_HOSTS",
        "PORTAL_DATA_DIR", "PORTAL_PORT", "PORTAL_BIND", "PORTAL_WORKERS", "PORTAL_DEMO", "PORTAL_RATE_LIMITS",
    }  # fmt: skip


def test_variables_are_read_in_one_place() -> None:
    """``os.environ`` elsewhere would be a variable that bin/portal does not check before it starts."""
    allowed = {"portal/settings/environment.py", "portal/settings/test.py", "portal/settings/dev.py"}
    entrances = {"manage.py", "portal/wsgi.py", "portal/asgi.py"}
    found = []
    for source in python_sources():
        inside = source.name.startswith(("portal/", "search/"))
        if (
            inside
            and source.name not in allowed | entrances
            and re.search(r"os\.environ|os\.getenv|getenv\(", source.text)
        ):
            found.append(source.name)
    assert found == []


def settings_defined() -> set[str]:
    """Names that the production settings give, without the modules' own constants."""
    module = importlib.import_module("portal.settings.production")
    names = {name for name in vars(module) if name.isupper()}
    own = {name for name in names if name in {"ENVIRONMENT", "ROOT", "PARTS", "URL"}}
    return names - own


@cache
def package_text() -> str:
    """The source of every package that reads settings of its own."""
    texts = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            pytest.fail(f"{package} is not installed any more: take it off the list")
        texts += [path.read_text(encoding="utf-8", errors="replace") for path in Path(spec.origin).parent.rglob("*.py")]
    return "\n".join(texts)


def test_every_setting_is_read_by_something() -> None:
    """A setting that nothing reads looks as if it did something."""
    ours = "\n".join(s.text for s in python_sources() if s.name.startswith(("portal/", "search/")))
    templates_and_code = {
        name for name in settings_defined() if re.search(rf"settings\.{name}\b|['\"]{name}['\"]", ours)
    }
    unknown = settings_defined() - set(dir(global_settings)) - templates_and_code
    # Packages often build the name from a prefix: ACCOUNT_ + EMAIL_VERIFICATION, WAGTAILLOCALIZE_ + …
    dead = {name for name in unknown if name not in package_text() and not prefixed(name)}
    assert dead == set()


def prefixed(name: str) -> bool:
    """Whether a package puts the name together from a prefix and the rest."""
    parts = name.split("_")
    for cut in range(1, len(parts)):
        prefix, rest = "_".join(parts[:cut]), "_".join(parts[cut:])
        if re.search(rf"['\"]{prefix}_['\"]", package_text()) and re.search(rf"['\"]{rest}['\"]", package_text()):
            return True
    return False


def test_one_settings_file_for_each_outside_system() -> None:
    folder = ROOT / "portal" / "settings" / "integrations"
    names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert names >= {"cache", "database", "email", "search"}
    for name in names:
        module = importlib.import_module(f"portal.settings.integrations.{name}")
        assert module.__doc__, f"{name}.py does not say what system it is about"


def test_production_never_debugs() -> None:
    module = importlib.import_module("portal.settings.production")
    assert module.DEBUG is False
    assert "ATOMIC_REQUESTS" not in vars(module), "Django ignores it there: it belongs into DATABASES"
