"""What it costs to answer a question that thousands follow: the answer itself, telling them, and their mails.

    .venv/bin/python benchmarks/many_followers.py [--followers 5000] [--mails 500]

A portal of its own on SQLite. Each figure is in seconds of the processor, and of the clock. The mails are made in
full and handed to a server that is none (Django's memory): what SMTP takes comes on top.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def prepared(area: str) -> None:
    """Points this process at an empty portal in ``area``."""
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "DATABASE_URL", "ELASTICSEARCH_URL"))]:
        del os.environ[name]
    os.environ |= {"PORTAL_DATA_DIR": area, "PORTAL_SECRET_KEY": "followers", "PORTAL_RATE_LIMITS": "0"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": f"sqlite:///{area}/portal.sqlite3"}
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    # The tables as the models have them: what migrations put into them has no part in this.
    settings.MIGRATION_MODULES = dict.fromkeys((each.label for each in apps.get_app_configs()), None)
    call_command("migrate", run_syncdb=True, verbosity=0)


def measured(name: str, work: Callable[[], object]) -> object:
    """Does the work and prints what it took."""
    clock, processor = time.perf_counter(), time.process_time()
    made = work()
    used, passed = time.process_time() - processor, time.perf_counter() - clock
    print(f"{name:40} {used:8.3f} s of processor {passed:8.3f} s of clock   {made}", flush=True)
    return made


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--followers", type=int, default=5_000)
    parser.add_argument("--mails", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as area:
        prepared(area)
        run(asked.followers, asked.mails)


def run(followers: int, mails: int) -> None:
    """Makes the followers, answers and lets the worker work."""
    from allauth.account.models import EmailAddress

    from portal.accounts.models import User
    from portal.notifications.models import Follow, NoteItem
    from portal.notifications.services.sending import note_mails_send
    from portal.notifications.services.telling import happenings_tell
    from portal.questions.services.answers import answer_create
    from tests.factories.accounts import member
    from tests.factories.questions import question

    asker, writer = member("asker"), member("writer")
    alone, crowded = question(asker), question(asker)
    names = [f"follower-{number}" for number in range(followers)]
    users = User.objects.bulk_create([User(username=name, email=f"{name}@example.org") for name in names])
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
    )
    Follow.objects.bulk_create([Follow(user=user, question=crowded) for user in users])
    happenings_tell()

    def answered(place: object) -> str:
        return str(answer_create(user=writer, question_id=place.pk, body="Open the cover.").pk)  # type: ignore[attr-defined]

    measured("answer, one follower", lambda: answered(alone))
    measured(f"answer, {followers} followers", lambda: answered(crowded))
    measured("telling them all", happenings_tell)
    some = list(NoteItem.objects.filter(handled_at=None).order_by("id").values_list("pk", flat=True)[:mails])
    NoteItem.objects.filter(pk__in=some).update(mail_due_at="2026-01-01T00:00:00Z")
    measured(f"{mails} mails", lambda: note_mails_send(seconds=600))


if __name__ == "__main__":
    main()
