"""Models and migrations agree, and every migration of ours can be read."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = {
    *("accounts", "analytics", "api", "core", "curation", "discovery", "experts"),
    *("importers", "knowledge", "notifications", "questions", "search"),
}


@pytest.mark.django_db
def test_no_model_was_changed_without_a_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, interactive=False, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"makemigrations would write:\n{said.getvalue()}")


def test_every_app_of_ours_has_a_migrations_folder() -> None:
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith(("portal.", "search"))}
    assert labels == OURS
    loader = MigrationLoader(None)
    assert labels - loader.migrated_apps == set()


def test_there_is_one_last_migration_in_each_app() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
