"""Background jobs (Wagtail's and ours): kept in the database, run by ``manage.py run_worker``."""

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
