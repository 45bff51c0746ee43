"""Background jobs, run in a test as the worker runs them."""

from uuid import uuid4

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def run_jobs(*, fail: bool = True) -> int:
    """Runs every job that waits, and those that they leave; returns how many. A failed one fails the test.

    It is the worker's own way of running a job, without its closing of connections: a test's transaction lives on one.
    fail: False lets failed jobs be, for tests of failure.
    """
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"test-{uuid4()}"[:32],
        excluded_queue_names=[],
    )
    count = 0
    while (waiting := DBTaskResult.objects.ready().first()) is not None:
        waiting.claim(worker.worker_id)
        worker.run_task(waiting)
        count += 1
        waiting.refresh_from_db()
        if fail and waiting.exception_class_path:
            raise AssertionError(f"{waiting.task_path} failed: {waiting.traceback}")
    return count
